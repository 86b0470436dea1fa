/** The part of a pino logger that the catalogue speaks through. */
export interface CatalogueLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}
