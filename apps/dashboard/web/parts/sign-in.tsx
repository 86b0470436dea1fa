import { type FormEvent, useState } from 'react';
import { signIn } from '../api/session.js';
import { formText } from '../form-text.js';
import { text } from '../texts/shell.js';
import { Failure } from './answers.js';

export function SignIn({ signedIn }: { signedIn: () => void }) {
  const [error, setError] = useState<Error>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    signIn(formText(new FormData(event.currentTarget), 'token')).then(signedIn, (reason: unknown) =>
      setError(reason instanceof Error ? reason : new Error(String(reason))),
    );
  };
  return (
    <main className="sign-in">
      <h1>{text.name}</h1>
      <form onSubmit={submit}>
        <label htmlFor="token">{text.token}</label>
        <input id="token" name="token" type="password" autoComplete="current-password" required />
        <p>
          {text.signInHint} <code>{text.tokenCommand}</code>
        </p>
        <button type="submit">{text.signIn}</button>
      </form>
      {error !== undefined && <Failure error={error} />}
      <p className="notice">{text.notice}</p>
    </main>
  );
}
