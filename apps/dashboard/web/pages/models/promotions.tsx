import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Model, ModelStage } from '@xvision/contracts';
import type { FormEvent } from 'react';
import { promoteModel, usePromotions } from '../../api/models.js';
import { useMayAct } from '../../api/session.js';
import { Answered, Failure } from '../../parts/answers.js';
import { text } from '../../texts/models.js';
import { moment } from '../../words.js';

/** Who moved the model to which stage, when and why; an operator moves it on. */
export function Promotions({ model }: { model: Model }) {
  const promotions = usePromotions(model.id);
  return (
    <section aria-labelledby="promotions">
      <h2 id="promotions">{text.promotions}</h2>
      {useMayAct() && <PromotionForm model={model} />}
      <Answered answer={promotions} what={text.thePromotions}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="empty">{text.neverPromoted}</p>
          ) : (
            <table>
              <thead>
                <tr>
                  {[text.stage, text.by, text.when, text.why].map((name) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {items.map((one) => (
                  <tr key={one.id}>
                    <th scope="row">{text.stages[one.stage]}</th>
                    <td>{one.promotedBy}</td>
                    <td>
                      <time dateTime={one.createdAt}>{moment(one.createdAt)}</time>
                    </td>
                    <td>{one.reason}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Answered>
    </section>
  );
}

const STAGES: readonly ModelStage[] = ['none', 'candidate', 'production', 'retired'];

function textOf(value: FormDataEntryValue | null): string {
  return typeof value === 'string' ? value : '';
}

function PromotionForm({ model }: { model: Model }) {
  const queries = useQueryClient();
  const promote = useMutation({
    mutationFn: (form: FormData) =>
      promoteModel(model.id, {
        stage: STAGES.find((stage) => stage === form.get('stage')) ?? 'none',
        reason: textOf(form.get('reason')),
      }),
    onSuccess: () => queries.invalidateQueries(),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    promote.mutate(new FormData(event.currentTarget));
  };
  return (
    <form className="filters" onSubmit={submit}>
      <label className="choice">
        <small>{text.moveTo}</small>
        <select name="stage">
          {STAGES.filter((stage) => stage !== model.stage).map((stage) => (
            <option key={stage} value={stage}>
              {text.stages[stage]}
            </option>
          ))}
        </select>
      </label>
      <label className="choice">
        <small>{text.reason}</small>
        <input name="reason" required minLength={3} maxLength={2000} size={40} />
      </label>
      <button type="submit" disabled={promote.isPending}>
        {text.move}
      </button>
      {promote.error !== null && <Failure error={promote.error} />}
    </form>
  );
}
