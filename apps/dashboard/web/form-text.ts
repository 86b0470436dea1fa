/** What a person typed or chose in a field of a form, without the spaces around it; empty where there is nothing. */
export function formText(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
