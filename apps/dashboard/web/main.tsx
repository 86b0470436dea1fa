import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { worthAnotherTry } from './api/request.js';
import { App } from './app.js';
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has nothing to import but itself
import './styles/index.css';
import { showTheme } from './theme.js';

const queries = new QueryClient({
  // What is shown is made fresh by the live stream, not by looking at the window again.
  defaultOptions: { queries: { staleTime: 2000, refetchOnWindowFocus: false, retry: worthAnotherTry } },
});

showTheme();
const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
