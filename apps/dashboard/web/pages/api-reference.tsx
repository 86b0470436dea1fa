import { type OpenApi, type Operation, useOpenApi } from '../api/open-api.js';
import { Answered } from '../parts/answers.js';
import { type DataColumn, DataTable } from '../parts/data-table.js';
import { text } from '../texts/api-reference.js';

/** Every route as the server describes it, for reading. */
export function ApiReferencePage() {
  const document = useOpenApi();
  return (
    <>
      <h1>{text.title}</h1>
      <p>
        {text.intro} <a href="/openapi.json">{text.address}</a>
      </p>
      <Answered answer={document} what={text.document}>
        {(found) => <Resources document={found} />}
      </Answered>
    </>
  );
}

function Resources({ document }: { document: OpenApi }) {
  const resources = Object.groupBy(Object.entries(document.paths), ([path]) => path.split('/')[2] ?? '');
  if (Object.keys(resources).length === 0) return <p className="empty">{text.none}</p>;
  return Object.entries(resources).map(([resource, paths = []]) => (
    <section key={resource} aria-labelledby={`resource-${resource}`}>
      <h2 id={`resource-${resource}`}>{resource.replaceAll('-', ' ')}</h2>
      {paths.flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => (
          <Route key={`${method} ${path}`} method={method} path={path} operation={operation} />
        )),
      )}
    </section>
  ));
}

interface RouteProps {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

function Route({ method, path, operation }: RouteProps) {
  const role = operation.security?.flatMap(({ token = [] }) => token)[0] ?? text.anyone;
  return (
    <details className="route">
      <summary>
        <span className={`method ${method}`}>{method.toUpperCase()}</span> <code>{path}</code>
        <span className="about">
          {operation.summary} <span className="pill">{role}</span>
        </span>
      </summary>
      <Parameters parameters={operation.parameters ?? []} />
      {operation.requestBody !== undefined && (
        <>
          <h3>{text.body}</h3>
          <Contents content={operation.requestBody.content} />
        </>
      )}
      <h3>{text.answers}</h3>
      {Object.entries(operation.responses).map(([status, { description, content = {} }]) => (
        <div key={status}>
          <p>
            <strong>{status}</strong> {description}
          </p>
          <Contents content={content} />
        </div>
      ))}
    </details>
  );
}

type Parameter = NonNullable<Operation['parameters']>[number];

const PARAMETERS: readonly DataColumn<Parameter>[] = [
  { name: text.parameter.name, cell: (one) => one.name },
  { name: text.parameter.where, cell: (one) => one.in },
  { name: text.parameter.what, cell: whatOf },
];

function Parameters({ parameters }: { parameters: readonly Parameter[] }) {
  if (parameters.length === 0) return null;
  return (
    <DataTable
      caption={text.parameters}
      columns={PARAMETERS}
      items={parameters}
      keyOf={(one) => `${one.in} ${one.name}`}
    />
  );
}

function whatOf({ required, description, schema }: Parameter): string {
  const type = schema?.enum?.join(' | ') ?? schema?.format ?? schema?.type;
  return [type, required === true ? text.required : undefined, description]
    .filter((part) => part !== undefined)
    .join('; ');
}

function Contents({ content }: { content: Readonly<Record<string, { readonly schema?: unknown }>> }) {
  return Object.entries(content).map(([type, { schema }]) => (
    <details key={type}>
      <summary>
        <code>{type}</code> {schema !== undefined && text.schema}
      </summary>
      {schema !== undefined && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long schema scrolls, also by keyboard
        <pre tabIndex={0}>{JSON.stringify(schema, null, 2)}</pre>
      )}
    </details>
  ));
}
