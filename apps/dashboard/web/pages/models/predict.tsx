import { useMutation } from '@tanstack/react-query';
import type { Prediction, PredictionJob } from '@xvision/contracts';
import { Button, DropZone, FileTrigger, Text } from 'react-aria-components';
import { predictFiles, usePrediction } from '../../api/predictions.js';
import { Answered, Failure } from '../../parts/answers.js';
import { Notice } from '../../parts/marks.js';
import { go, useAddress, withParameters } from '../../router.js';
import { text } from '../../texts/models.js';
import { decimal } from '../../words.js';

/** Files dropped or chosen go through the same pipeline as every image; the job stands in the address. */
export function Predict({ model }: { model: string }) {
  const address = useAddress();
  const job = address.searchParams.get('prediction');
  const predict = useMutation({
    mutationFn: (files: readonly File[]) => predictFiles(model, files),
    onSuccess: (id) => go(withParameters(address, { prediction: id })),
  });
  const take = (files: readonly File[]) => {
    if (files.length > 0) predict.mutate(files);
  };
  return (
    <section aria-labelledby="predict">
      <h2 id="predict">{text.predict}</h2>
      <DropZone
        className="drop-zone"
        isDisabled={predict.isPending}
        onDrop={(event) => {
          const dropped = event.items.flatMap((item) => (item.kind === 'file' ? [item.getFile()] : []));
          void Promise.all(dropped).then(take);
        }}
      >
        <Text slot="label">{predict.isPending ? text.sending : text.dropHint}</Text>
        <FileTrigger
          allowsMultiple
          acceptedFileTypes={['image/png', 'image/jpeg', 'application/dicom', '.dcm', '.dicom']}
          onSelect={(files) => take([...(files ?? [])])}
        >
          <Button isDisabled={predict.isPending}>{text.choose}</Button>
        </FileTrigger>
      </DropZone>
      {predict.error !== null && <Failure error={predict.error} />}
      {job !== null && <Answer job={job} />}
    </section>
  );
}

function Answer({ job }: { job: string }) {
  const prediction = usePrediction(job);
  return (
    <Answered answer={prediction} what={text.prediction}>
      {(found) => <JobView job={found} />}
    </Answered>
  );
}

function JobView({ job: { state, message, predictions } }: { job: PredictionJob }) {
  return (
    <output className="answer">
      {message !== null && <p className="failure">{message}</p>}
      {state !== 'done' && state !== 'failed' && <p className="empty">{text.working(state)}</p>}
      {predictions.length > 0 && (
        <>
          <Notice />
          <table className="predictions">
            <thead>
              <tr>
                {[text.fileName, text.probability, text.decision].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {predictions.map((one) => (
                <PredictionRow key={one.file} prediction={one} />
              ))}
            </tbody>
          </table>
        </>
      )}
    </output>
  );
}

/** An abstention is shown as such: no number beside it that could be taken for a score. */
function PredictionRow({ prediction }: { prediction: Prediction }) {
  if ('abstained' in prediction) {
    return (
      <tr className="abstained">
        <th scope="row">{prediction.file}</th>
        <td>
          <span className="mark">{text.noScore}</span>
        </td>
        <td>
          {text.reasons[prediction.reason]}
          <small className="message">{prediction.abstained}</small>
        </td>
      </tr>
    );
  }
  const { file, probabilities, decision, novelty, caution } = prediction;
  return (
    <tr>
      <th scope="row">{file}</th>
      <td className="figures">
        {Object.entries(probabilities).map(([name, p]) => (
          <div key={name}>
            {name} {decimal(p)}
          </div>
        ))}
      </td>
      <td>
        {decision === null
          ? text.noDecision
          : decision.called
            ? text.called(decision.class)
            : text.notCalled(decision.class)}
        {caution !== null && <small className="message bad">{caution}</small>}
        {novelty !== null && <small className="message">{text.unusual(decimal(novelty))}</small>}
      </td>
    </tr>
  );
}
