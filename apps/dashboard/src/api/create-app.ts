import { randomUUID } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express, type Request } from 'express';
import helmet from 'helmet';
import { type Authority, createAuthority } from './authority.js';
import { collectionRoutes } from './collections.js';
import { comparisonRoutes } from './comparisons.js';
import { compressAnswers } from './compress.js';
import { datasetRoutes } from './datasets.js';
import { deadLetterRoutes } from './dead-letters.js';
import type { ApiDependencies } from './dependencies.js';
import { endWhenRefused } from './end-when-refused.js';
import { eventRoutes } from './events.js';
import { explanationRoutes } from './explanations.js';
import { InvalidRequestError, NotFoundError, UnauthenticatedError, UnsatisfiableRangeError } from './failures.js';
import { fingerprintRoutes } from './fingerprints.js';
import { greyValueRoutes } from './grey-values.js';
import { imageFileRoutes } from './image-files.js';
import { imageRoutes } from './images.js';
import { modelExportRoutes } from './model-exports.js';
import { modelFileRoutes } from './model-files.js';
import { modelTrustRoutes } from './model-trust.js';
import { modelRoutes } from './models.js';
import { openApiDocument } from './openapi.js';
import { operationRoutes } from './operations.js';
import { pipelineRoutes } from './pipeline.js';
import { predictionRoutes } from './predictions.js';
import { problemOf } from './problem.js';
import { promotionRoutes } from './promotions.js';
import { proofRoutes } from './proofs.js';
import { limitGuesses, limitRate } from './rate-limit.js';
import { replayRoutes } from './replays.js';
import type { Route } from './route.js';
import { runEvidenceRoutes } from './run-evidence.js';
import { runRoutes } from './runs.js';
import { sessionRoutes } from './session.js';
import { studyRoutes } from './studies.js';
import { systemRoutes } from './system.js';
import { taskRoutes } from './tasks.js';
import { tokenRoutes } from './tokens.js';
import { uploadRoutes } from './uploads.js';
import { webPage } from './web-page.js';

/** A body that no route asks to be larger, in bytes. */
const USUAL_BODY = 1_000_000;

/** The whole API and the page, without a socket: the process listens, a test need not. */
export function createApp(deps: ApiDependencies): Express {
  const authority = createAuthority(deps.catalogue, deps.authentication);
  const routes = everyRoute(deps, authority);
  const document = openApiDocument(routes, deps.version);
  const app = express();
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    response.locals.requestId = randomUUID();
    response.set('X-Request-Id', response.locals.requestId as string);
    next();
  });
  app.use(securityHeaders());
  app.use(compressAnswers());
  if (deps.authentication === 'token') app.use('/api', limitGuesses(), limitRate(deps.requestsPerMinute));
  for (const route of routes) mount(app, route, authority);
  app.get('/openapi.json', (_request, response) => void response.json(document));
  app.use('/api', (request: Request) => {
    throw new NotFoundError(
      `there is no ${request.method} ${request.originalUrl.split('?')[0] ?? ''}: see /openapi.json`,
    );
  });
  if (deps.webRoot !== undefined) app.use(webPage(deps.webRoot));
  app.use((request: Request) => {
    throw new NotFoundError(`there is no ${request.method} ${request.path}`);
  });
  app.use(answerWithProblem(deps));
  return app;
}

function everyRoute(deps: ApiDependencies, authority: Authority): Route[] {
  return [
    ...sessionRoutes(authority),
    ...uploadRoutes(deps),
    ...collectionRoutes(deps),
    ...imageRoutes(deps),
    ...imageFileRoutes(deps),
    ...greyValueRoutes(deps),
    ...explanationRoutes(deps),
    ...taskRoutes(deps, authority),
    ...datasetRoutes(deps),
    ...runRoutes(deps),
    ...runEvidenceRoutes(deps),
    ...comparisonRoutes(deps),
    ...proofRoutes(deps),
    ...fingerprintRoutes(deps),
    ...modelRoutes(deps),
    ...promotionRoutes(deps, authority),
    ...modelFileRoutes(deps),
    ...modelExportRoutes(deps),
    ...modelTrustRoutes(deps),
    ...predictionRoutes(deps),
    ...studyRoutes(deps),
    ...eventRoutes(deps),
    ...pipelineRoutes(deps),
    ...deadLetterRoutes(deps, authority),
    ...replayRoutes(deps),
    ...tokenRoutes(deps),
    ...systemRoutes(deps),
    ...operationRoutes(deps),
  ];
}

function mount(app: Express, route: Route, authority: Authority): void {
  const { role, body, bodyLimit = USUAL_BODY, reply } = route;
  const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
  // Who asks is known before a byte of the body is read.
  const admit: express.RequestHandler = async (request, response, next) => {
    await authority.require(request, role);
    if (reply.contentType === 'text/event-stream') endWhenRefused(response, () => authority.require(request, role));
    next();
  };
  const takeJson: express.RequestHandler[] =
    body === undefined
      ? []
      : [
          (request, _response, next) => {
            if (request.is('application/json') !== false) return next();
            throw new InvalidRequestError('send JSON, with the header Content-Type: application/json');
          },
          express.json({ limit: bodyLimit }),
        ];
  app[route.method](path, admit, ...takeJson, (request, response) => route.run(request, response));
}

function securityHeaders() {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Whether there is TLS is the proxy's matter.
    strictTransportSecurity: false,
  });
}

function answerWithProblem({ log }: Pick<ApiDependencies, 'log'>): ErrorRequestHandler {
  // oxlint-disable-next-line max-params -- Express knows an error handler by its four parameters
  return (error: unknown, request, response, next) => {
    const requestId = String(response.locals.requestId);
    const problem = problemOf(error, requestId);
    const about = { requestId, method: request.method, path: request.path, status: problem.status };
    if (isGone(error)) log.info(about, 'the client went away before the end');
    else if (problem.status >= 500) log.error({ ...about, err: error }, 'a request failed');
    else log.info({ ...about, detail: problem.detail }, 'a request was refused');
    if (error instanceof UnauthenticatedError) response.set('WWW-Authenticate', 'Bearer');
    if (error instanceof UnsatisfiableRangeError) response.set('Content-Range', `bytes */${error.size}`);
    // Half an answer is out: only breaking off tells the client that it is not whole.
    if (response.headersSent) return next(error);
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  };
}

/** Closing a page in the middle of a picture is nobody's fault. */
function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE';
}
