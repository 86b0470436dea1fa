import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Model, ModelStage, Promotion } from '@xvision/contracts';
import type { FormEvent } from 'react';
import { promoteModel, usePromotions } from '../../api/models.js';
import { useMayAct } from '../../api/session.js';
import { formText } from '../../form-text.js';
import { Answered, Failure } from '../../parts/answers.js';
import { type DataColumn, DataTable } from '../../parts/data-table.js';
import { text } from '../../texts/models.js';
import { moment } from '../../words.js';

const COLUMNS: readonly DataColumn<Promotion>[] = [
  { name: text.stage, by: (one) => one.stage, cell: (one) => text.stages[one.stage] },
  { name: text.by, by: (one) => one.promotedBy, cell: (one) => one.promotedBy },
  {
    name: text.when,
    by: (one) => one.createdAt,
    cell: (one) => <time dateTime={one.createdAt}>{moment(one.createdAt)}</time>,
  },
  { name: text.why, cell: (one) => <span className="prose">{one.reason}</span> },
];

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
            <DataTable columns={COLUMNS} items={items} keyOf={(one) => one.id} />
          )
        }
      </Answered>
    </section>
  );
}

const STAGES: readonly ModelStage[] = ['none', 'candidate', 'production', 'retired'];

function PromotionForm({ model }: { model: Model }) {
  const queries = useQueryClient();
  const promote = useMutation({
    mutationFn: (form: FormData) =>
      promoteModel(model.id, {
        stage: STAGES.find((stage) => stage === form.get('stage')) ?? 'none',
        reason: formText(form, 'reason'),
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
