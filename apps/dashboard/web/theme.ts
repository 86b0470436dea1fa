import { useState } from 'react';

const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'xvision-theme';

/** Kept in this browser; `system` follows what the operating system says. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(kept);
  const choose = (next: Theme) => {
    window.localStorage.setItem(KEY, next);
    showTheme(next);
    setTheme(next);
  };
  return [theme, choose];
}

/** Style sheets read the choice from the root element. */
export function showTheme(theme: Theme = kept()): void {
  document.documentElement.dataset['theme'] = theme;
}

function kept(): Theme {
  const value = window.localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === value) ?? 'system';
}
