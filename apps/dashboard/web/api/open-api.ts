import { useResource } from './request.js';

interface Content {
  readonly [type: string]: { readonly schema?: unknown };
}

export interface Operation {
  readonly summary: string;
  readonly security?: readonly { readonly token?: readonly string[] }[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: { readonly type?: string; readonly format?: string; readonly enum?: readonly string[] };
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export const useOpenApi = () => useResource<OpenApi>('/openapi.json');
