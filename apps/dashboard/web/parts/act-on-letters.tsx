import type { DeadLetterAct, DeadLetterAction } from '@xvision/contracts';
import { type FormEvent, useState } from 'react';
import { useActOnDeadLetters } from '../api/dead-letters.js';
import { text } from '../texts/dead-letters.js';
import { count } from '../words.js';
import { Failure } from './answers.js';
import { AskInFront } from './modal.js';

/** Which letters, without the reason that the dialog asks for. */
type Chosen =
  | Omit<Extract<DeadLetterAction, { ids: unknown }>, 'reason'>
  | Omit<Extract<DeadLetterAction, { matching: unknown }>, 'reason'>;

interface ActProps {
  readonly act: DeadLetterAct['act'];
  readonly label: string;
  readonly chosen: Chosen;
  /** How many letters are meant. */
  readonly letters: number;
  readonly done?: () => void;
}

/** A button that asks for the reason before it acts. */
export function ActOnLetters({ act, label, chosen, letters, done }: ActProps) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <button
        type="button"
        className={act === 'discard' ? 'quiet' : undefined}
        disabled={letters === 0}
        onClick={() => setOpen(true)}
      >
        {label}
      </button>
      <AskInFront title={text.question(text.act[act], count(letters))} open={open} close={close}>
        <ReasonForm act={act} chosen={chosen} close={close} {...(done === undefined ? {} : { done })} />
      </AskInFront>
    </>
  );
}

function ReasonForm({ act, chosen, close, done }: Pick<ActProps, 'act' | 'chosen' | 'done'> & { close: () => void }) {
  const acting = useActOnDeadLetters(act);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = new FormData(event.currentTarget).get('reason');
    if (typeof reason !== 'string') return;
    const finish = (result: { refused: readonly unknown[] }) => {
      if (result.refused.length > 0) return;
      done?.();
      close();
    };
    acting.mutate({ ...chosen, reason }, { onSuccess: finish });
  };
  const refused = acting.data?.refused ?? [];
  return (
    <form className="form" onSubmit={submit}>
      <p className="hint">{text.explains[act]}</p>
      <label>
        {text.reason}
        <textarea name="reason" required maxLength={1000} rows={3} />
      </label>
      {acting.error !== null && <Failure error={acting.error} />}
      {acting.data !== undefined && (
        <output>
          {text.done(count(acting.data.done.length), text.acted[act])}
          {refused.length > 0 && ` ${text.refused(count(refused.length))} ${refused[0]?.why ?? ''}`}
        </output>
      )}
      <div className="acts">
        <button type="submit" disabled={acting.isPending || acting.isSuccess}>
          {text.act[act]}
        </button>
        <button type="button" className="quiet" onClick={close}>
          {text.cancel}
        </button>
      </div>
    </form>
  );
}
