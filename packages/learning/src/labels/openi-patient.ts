/**
 * The patient behind an Open-i image address: `…/CXR3638_IM-1805-1001.png` → `3638`. Undefined where the address has
 * no CXR number. Frontal and lateral views share it, so everything is grouped by it.
 */
export function openiPatient(imageUrl: string): string | undefined {
  return /\/CXR(\d+)_/.exec(imageUrl)?.[1];
}
