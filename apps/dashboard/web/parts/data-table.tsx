import {
  type ColumnDef,
  createSortedRowModel,
  type Row,
  type RowData,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import type { ReactNode } from 'react';
import { text } from '../texts/shell.js';
import { Wide } from './wide.js';

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});

/** A column: what it is called, by what it sorts, and what stands in it. */
export interface DataColumn<Item> {
  readonly name: string;
  /** By what the column sorts; without it the column does not sort. */
  readonly by?: (item: Item) => string | number | null;
  readonly cell: (item: Item) => ReactNode;
  /** Numbers stand to the right. */
  readonly number?: boolean;
}

/**
 * A table whose columns sort in the browser; the first column names the row. The columns must be the same array at every
 * drawing. Lists longer than a page of the API are sorted by the API instead.
 */
export function DataTable<Item extends RowData>(props: {
  readonly caption?: string;
  /** What is said in place of a table without rows. */
  readonly none?: string;
  readonly columns: readonly DataColumn<Item>[];
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
}) {
  const { caption, none, columns, items, keyOf } = props;
  const table = useTable({ features, data: items, columns: columns.map(definition), getRowId: keyOf });
  if (items.length === 0 && none !== undefined) return <p className="empty">{none}</p>;
  return (
    <Wide>
      <table>
        {caption !== undefined && <caption>{caption}</caption>}
        <thead>
          <tr>
            {columns.map((column, index) => {
              const sorted = table.getColumn(String(index))?.getIsSorted() ?? false;
              return (
                <th
                  key={column.name}
                  scope="col"
                  className={column.number === true ? 'number' : undefined}
                  aria-sort={sorted === false ? undefined : sorted === 'asc' ? 'ascending' : 'descending'}
                >
                  <Heading column={column} sort={() => table.getColumn(String(index))?.toggleSorting()} />
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <BodyRow key={row.id} row={row} columns={columns} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function definition<Item extends RowData>(column: DataColumn<Item>, index: number): ColumnDef<typeof features, Item> {
  const { by } = column;
  return {
    id: String(index),
    accessorFn: (item) => by?.(item) ?? undefined,
    enableSorting: by !== undefined,
    sortFn: column.number === true ? 'basic' : 'alphanumeric',
    sortUndefined: 'last',
  };
}

function Heading<Item>({ column, sort }: { column: DataColumn<Item>; sort: () => void }) {
  if (column.by === undefined) return column.name;
  return (
    <button type="button" className="sort" title={text.sortBy(column.name)} onClick={sort}>
      {column.name}
    </button>
  );
}

function BodyRow<Item extends RowData>({
  row,
  columns,
}: {
  row: Row<typeof features, Item>;
  columns: readonly DataColumn<Item>[];
}) {
  const [first, ...rest] = columns;
  return (
    <tr>
      <th scope="row">{first?.cell(row.original)}</th>
      {rest.map((column) => (
        <td key={column.name} className={column.number === true ? 'number' : undefined}>
          {column.cell(row.original)}
        </td>
      ))}
    </tr>
  );
}
