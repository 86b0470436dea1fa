import { createHash } from 'node:crypto';
import { VGG16_IMAGENET_WEIGHTS } from '@xvision/contracts';
import { identityOf, type LayerWeights, layersOf, type Vgg16Weights, WeightsError } from './weights.js';

/** sha256 of each layer's kernel (HWIO) and bias in the ImageNet weights, to name the layer that differs. */
const LAYER_SHA256: Readonly<Record<string, string>> = {
  block1_conv1: '32314ce545bb80d6195eab0ae9b58a0b0975b0ada7c90215625203c5e63848ef',
  block1_conv2: 'e94df3db9672bf8cff1d83679599b0a4cf239d949325d2882f9826951e371973',
  block2_conv1: '3433a2611003b893575188f77fe26ca40d4617b97781ac3dfe74af031ac04f02',
  block2_conv2: 'dd4bc0521dbbf66a37b6142dc5d32e8804a26923ff328cfaed70933f23ea03b8',
  block3_conv1: '854cf503b56db99601c68e3dab9c4db10639cf53dca5e7dc494d265fad6a53c3',
  block3_conv2: '5eb0344bac37c0192b3294aec89b394e95ab13751ab9076623cbf0116388f145',
  block3_conv3: '0a5d598d159d78c413e033daae20d9b0581eddfe34f8188f17d317d5eb5d230f',
  block4_conv1: 'bbd31456d83dcb21efdc8423b03e76a3667982b7241ef3bb909e6b3f704e63f4',
  block4_conv2: '0b5df0bf7a506cdd927653308fdd2f38368d0ecbdbbaa10b78289e7fcfaa865a',
  block4_conv3: '3a13b289451687bfd81fe9bb5d9c0502931d4d48829627dc93273df019539028',
  block5_conv1: '3b6e2093a4562fd9e41c832ad27dead7d65a4afff79b9f6bdc95d5ea8e22dcdb',
  block5_conv2: '510ec1a86d78ec8f5922b9534b6f17822dc12248ec9c67329af8ee8e202eeb2f',
  block5_conv3: '20510d8c6736741bf6b4fdf3b9347c04bf00c80e1cea2e929327444928ce0f2f',
};

/** Accepts exactly the ImageNet VGG16; throws {@link WeightsError} that says what is different and what to do. */
export function checkImageNetWeights(values: Float32Array, origin: string): Vgg16Weights {
  const layers = layersOf(values);
  const identity = identityOf(values);
  if (identity === VGG16_IMAGENET_WEIGHTS) return { values, identity, trained: true, origin };
  throw new WeightsError(
    `${origin}: ${difference(layers)} (identity ${identity}, expected ${VGG16_IMAGENET_WEIGHTS}).`,
  );
}

function difference(layers: readonly LayerWeights[]): string {
  const different = layers.filter((layer) => layerSha256(layer) !== LAYER_SHA256[layer.layer.name]);
  const [first] = different;
  if (
    first !== undefined &&
    different.length === 1 &&
    layerSha256(otherChannelOrder(first)) === LAYER_SHA256[first.layer.name]
  ) {
    return `the input channels of ${first.layer.name} are in the wrong order: RGB, where the original weights take BGR. Take the file that Keras publishes`;
  }
  if (different.length === layers.length) {
    return 'these are not the ImageNet VGG16 weights that Keras publishes: no layer agrees (torchvision’s vgg16, for example, is another training)';
  }
  const names = different.map(({ layer }) => layer.name).join(', ');
  return `the file is damaged: ${names} ${different.length === 1 ? 'differs' : 'differ'} from the published weights. Remove it and fetch it again`;
}

function layerSha256({ kernel, bias }: LayerWeights): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of [kernel, bias]) {
    hash.update(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}

/** The same layer with its input channels reversed. */
function otherChannelOrder({ layer, kernel, bias }: LayerWeights): LayerWeights {
  const reversed = new Float32Array(kernel.length);
  for (let tap = 0; tap < 9; tap++) {
    for (let input = 0; input < layer.inputs; input++) {
      const from = (tap * layer.inputs + input) * layer.outputs;
      const to = (tap * layer.inputs + (layer.inputs - 1 - input)) * layer.outputs;
      reversed.set(kernel.subarray(from, from + layer.outputs), to);
    }
  }
  return { layer, kernel: reversed, bias };
}
