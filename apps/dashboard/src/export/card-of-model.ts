import { type Catalogue, findRunView, listCardMembers, type ModelView } from '@xvision/catalogue';
import { factsOf, modelCard, UnexportableError } from '@xvision/export';

/** The model card in Markdown, as the catalogue knows the model now. Throws {@link UnexportableError} before its run is evaluated. */
export async function cardOfModel(catalogue: Catalogue, model: ModelView): Promise<string> {
  const run = model.runId === null ? undefined : await findRunView(catalogue, model.runId);
  if (run === undefined)
    throw new UnexportableError(`model ${model.id} belongs to no run, so there is nothing to say of it`);
  const { report } = run;
  if (report === null) {
    throw new UnexportableError(
      `run ${run.id} is ${run.state} and has no report yet, so there is nothing to say of its model. Wait until it is evaluated`,
    );
  }
  const facts = {
    model: {
      ...model,
      dataset: model.datasetSha256,
      card: model.card as Record<string, unknown>,
      createdAt: model.createdAt.toISOString(),
    },
    run: { id: run.id, task: run.taskName, settings: run.settings },
    report,
  };
  return modelCard(factsOf(facts, await listCardMembers(catalogue, model.datasetSha256)));
}
