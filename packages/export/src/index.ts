export { composeExport, type ExportedFile, type ModelFormat } from './compose-export.js';
export { modelCard } from './model-card.js';
export { type FactsMember, factsOf } from './model-facts.js';
export { UnexportableError } from './unexportable-error.js';
