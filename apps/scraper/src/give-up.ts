import { type Catalogue, recordDeadLetter, setCollectionState } from '@xvision/catalogue';
import { envelopeSchema, scrapeRequested } from '@xvision/contracts';
import type { DeadLetter } from '@xvision/message-bus';

/** Called when a request will not be tried again: the letter is kept and whoever waits for the collection is told why. */
export async function giveUp(catalogue: Catalogue, letter: DeadLetter): Promise<void> {
  await catalogue.transaction(async (tx) => {
    await recordDeadLetter(tx, letter);
    const collectionId = collectionOf(letter.body);
    if (collectionId !== undefined) {
      await setCollectionState(tx, collectionId, { state: 'failed', message: letter.message });
    }
  });
}

/** Undefined for a message that names no collection: such a letter is all there is. */
function collectionOf(body: string): string | undefined {
  try {
    const envelope = envelopeSchema.safeParse(JSON.parse(body));
    return scrapeRequested.payload.safeParse(envelope.data?.data).data?.collectionId;
  } catch {
    return undefined;
  }
}
