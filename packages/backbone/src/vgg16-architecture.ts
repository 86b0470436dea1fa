/** The convolutional part of VGG16 (Simonyan & Zisserman 2014, arXiv 1409.1556, configuration D). */

/** Height and width of the input in pixels. */
export const INPUT_SIDE = 224;

/** RGB bytes of one input image. */
export const INPUT_LENGTH = INPUT_SIDE * INPUT_SIDE * 3;

/** Caffe VGG16 channel means in BGR order, as the ImageNet weights were trained. */
export const VGG16_CHANNEL_MEANS_BGR = [103.939, 116.779, 123.68] as const;

export interface ConvolutionLayer {
  /** Keras' name, for example `block1_conv1`. */
  readonly name: string;
  readonly block: number;
  readonly inputs: number;
  readonly outputs: number;
}

const BLOCKS: readonly (readonly number[])[] = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
];

/** The 13 convolutions, all 3 x 3, stride 1, 'same', bias, ReLU; a 2 x 2 max pool ends each block. */
export const CONVOLUTIONS: readonly ConvolutionLayer[] = BLOCKS.flatMap((outputs, block) =>
  outputs.map((channels, index) => ({
    name: `block${block + 1}_conv${index + 1}`,
    block: block + 1,
    inputs: outputs[index - 1] ?? BLOCKS[block - 1]?.[0] ?? 3,
    outputs: channels,
  })),
);

/** Values of a layer's kernel: 3 x 3 x inputs x outputs. */
export function kernelLength({ inputs, outputs }: ConvolutionLayer): number {
  return 9 * inputs * outputs;
}

/** 14,714,688 kernel and bias values. */
export const PARAMETERS = CONVOLUTIONS.reduce((sum, layer) => sum + kernelLength(layer) + layer.outputs, 0);
