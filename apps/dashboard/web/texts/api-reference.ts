export const text = {
  title: 'API',
  document: 'the description of the API',
  intro: 'Made from the schemas that the server itself checks requests with. The same as OpenAPI 3.1:',
  operator: 'operator',
  viewer: 'viewer',
  anyone: 'anyone',
  parameters: 'Parameters',
  parameter: { name: 'Name', where: 'In', what: 'What' },
  required: 'required',
  body: 'Body',
  answers: 'Answers',
  schema: 'schema',
} as const;
