import { useEffect, useState } from 'react';

/** A value once it has stayed for so many milliseconds. Equal values, as JSON has them, are one. */
export function useSettled<Value>(value: Value, milliseconds: number): Value {
  const [settled, setSettled] = useState(value);
  const key = JSON.stringify(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(JSON.parse(key) as Value), milliseconds);
    return () => window.clearTimeout(timer);
  }, [key, milliseconds]);
  return settled;
}
