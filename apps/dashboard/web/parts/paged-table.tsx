import type { RowData } from '@tanstack/react-table';
import { useMemo } from 'react';
import { useAddress } from '../router.js';
import { type DataColumn, DataTable } from './data-table.js';

/** A page of a longer list: it is in the order of the API, and sorts only where the page is the whole list. */
export function PagedTable<Item extends RowData>(props: {
  readonly columns: readonly DataColumn<Item>[];
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly next: string | null;
}) {
  const { columns, items, keyOf, next } = props;
  const { searchParams } = useAddress();
  const whole = next === null && !searchParams.has('cursor');
  const fixed = useMemo(() => columns.map(({ by: _by, ...column }) => column), [columns]);
  return <DataTable key={whole ? 'whole' : 'page'} columns={whole ? columns : fixed} items={items} keyOf={keyOf} />;
}
