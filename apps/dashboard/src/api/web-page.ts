import path from 'node:path';
import express, { Router } from 'express';

/** The built page: hashed files for ever, the page itself always fresh, and every address of the page is the page. */
export function webPage(root: string): Router {
  const router = Router();
  const files = { index: false, fallthrough: true } as const;
  router.use('/assets', express.static(path.join(root, 'assets'), { ...files, immutable: true, maxAge: '1y' }));
  router.use(express.static(root, files));
  router.get(/^\/(?!assets\/)[^.]*$/, (request, response, next) => {
    if (request.accepts('html') === false) return next();
    response.set('Cache-Control', 'no-cache').sendFile('index.html', { root }, (error) => {
      if (error !== undefined && !response.headersSent) next(error);
    });
  });
  return router;
}
