import type { ExportFormat, ModelExport } from '@xvision/contracts';
import { useState } from 'react';
import { exportedFile, useExport } from '../api/exports.js';
import { text } from '../texts/exports.js';
import { shortHash, size } from '../words.js';
import { Failure } from './answers.js';
import { Notice } from './marks.js';

const FORMATS: readonly ExportFormat[] = ['onnx', 'tfjs', 'safetensors', 'card'];

/** A model to take away, in every format that it leaves in. */
export function ModelExports({ model }: { model: string }) {
  return (
    <section aria-labelledby="export">
      <h2 id="export">{text.title}</h2>
      <Notice />
      <p className="hint">{text.hint}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{text.format}</th>
            <th scope="col">{text.holds}</th>
            <th scope="col">{text.files}</th>
          </tr>
        </thead>
        <tbody>
          {FORMATS.map((format) => (
            <tr key={format}>
              <th scope="row">{text.formats[format].name}</th>
              <td>
                <span className="prose">{text.formats[format].holds}</span>
              </td>
              <td>
                <Files model={model} format={format} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Files({ model, format }: { model: string; format: ExportFormat }) {
  const [wanted, setWanted] = useState(false);
  const made = useExport(model, format, wanted);
  if (made.data !== undefined) return <Links made={made.data} />;
  return (
    <>
      <button
        type="button"
        className="quiet"
        disabled={made.isFetching}
        onClick={() => (wanted ? void made.refetch() : setWanted(true))}
      >
        {made.isFetching ? text.making : text.make(text.formats[format].name)}
      </button>
      {made.error !== null && !made.isFetching && <Failure error={made.error} />}
    </>
  );
}

function Links({ made }: { made: ModelExport }) {
  return (
    <>
      <ul className="files">
        {made.files.map(({ name, sha256, byteLength }) => (
          <li key={name}>
            <a href={exportedFile(made, name)} download={name}>
              {name}
            </a>{' '}
            {size(byteLength)} <code title={sha256}>{text.sha256(shortHash(sha256))}</code>
          </li>
        ))}
        <li>
          <a href={exportedFile(made, made.checksums)} download={made.checksums}>
            {text.checksums}
          </a>
        </li>
      </ul>
      <p className="hint">
        {text.check} <code>{text.checkCommand(made.checksums.replace(/\.sha256$/, ''))}</code>
      </p>
    </>
  );
}
