import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { isUnknownCaller, worthAnotherTry } from './api/request.js';
import { askWhoIsThere } from './api/session.js';
import { App } from './app.js';
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has nothing to import but itself
import './styles/index.css';
import { showTheme } from './theme.js';

const queries: QueryClient = new QueryClient({
  // A token that expired under an open page: it is asked for again.
  queryCache: new QueryCache({ onError: (error) => void (isUnknownCaller(error) && askWhoIsThere(queries)) }),
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
