import type { TaskDetail } from '@xvision/contracts';
import { text } from '../../texts/tasks.js';
import { moment } from '../../words.js';

/** Somebody saved while this was written: whoever writes decides which goes on. */
export function SavedMeanwhile(props: {
  readonly newest: TaskDetail['versions'][number];
  readonly take: () => void;
  readonly keep: () => void;
}) {
  const { newest, take, keep } = props;
  return (
    <div className="panel" role="alert">
      <p>{text.meanwhile(newest.savedBy, newest.version, moment(newest.createdAt))}</p>
      <div className="acts">
        <button type="button" onClick={take}>
          {text.takeTheirs(newest.version)}
        </button>
        <button type="button" className="quiet" onClick={keep}>
          {text.keepMine}
        </button>
      </div>
    </div>
  );
}
