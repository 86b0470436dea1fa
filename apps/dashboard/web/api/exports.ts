import { useQuery } from '@tanstack/react-query';
import type { ExportFormat, ModelExport } from '@xvision/contracts';
import { request } from './request.js';

const addressOf = (model: string, format: ExportFormat): string => `/api/models/${model}/exports/${format}`;

/** The files of a model in one format, made once somebody wants them. */
export function useExport(model: string, format: ExportFormat, wanted: boolean) {
  const path = addressOf(model, format);
  return useQuery({ queryKey: [path], queryFn: () => request<ModelExport>(path), enabled: wanted, retry: false });
}

export const exportedFile = ({ model, format }: ModelExport, name: string): string =>
  `${addressOf(model, format)}/${encodeURIComponent(name)}`;
