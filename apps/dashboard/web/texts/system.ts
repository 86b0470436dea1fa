export const text = {
  title: 'System',
  system: 'the system',
  version: 'Xvision',
  onNode: (version: string, node: string) => `${version} on Node ${node}`,
  postgres: 'PostgreSQL',
  nats: 'NATS',
  away: 'does not answer',
  features: 'Features',
  featuresBy: (count: string, engine: string) => `${count} by ${engine}, weights`,
} as const;
