import { type FormEvent, useState } from 'react';
import { signIn } from '../api.js';
import { Failure } from './answers.js';

export function SignIn({ signedIn }: { signedIn: () => void }) {
  const [error, setError] = useState<Error>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get('token');
    signIn(typeof token === 'string' ? token.trim() : '').then(signedIn, (reason: unknown) =>
      setError(reason instanceof Error ? reason : new Error(String(reason))),
    );
  };
  return (
    <main className="sign-in">
      <h1>Xvision</h1>
      <form onSubmit={submit}>
        <label htmlFor="token">Token</label>
        <input id="token" name="token" type="password" autoComplete="current-password" required />
        <button type="submit">Sign in</button>
      </form>
      {error !== undefined && <Failure error={error} />}
    </main>
  );
}
