/**
 * A float32 model computed in float64, for central differences that are exact to many digits.
 * Operators that ONNX Runtime knows in float32 only are written out in ones that it knows in both.
 */
import { create } from '@bufbuild/protobuf'
import { attribute, floatOf, removeAttribute } from '../../onnx/gradient/attributes.ts'
import { NodeProtoSchema, TensorProtoSchema } from '../../onnx/onnx.generated.ts'
import { decodeModel, encodeModel, type NodeProto, type TensorProto } from '../../onnx/onnxModel.ts'
import { DataType, float32Values } from '../../onnx/tensorValues.ts'

/** Of erf's series: enough for |x| < 4. */
const ERF_TERMS = 60

/** @returns the same graph with float64 inputs, constants and outputs in place of float32 ones */
export function inFloat64(bytes: Uint8Array): Uint8Array {
  const model = decodeModel(bytes)
  const { graph } = model
  for (const it of [...graph.input, ...graph.output]) {
    const type = it.type?.value
    if (type?.case === 'tensorType' && type.value.elemType === DataType.FLOAT)
      type.value.elemType = DataType.DOUBLE
  }
  graph.valueInfo = []
  graph.initializer = graph.initializer.map(widened)
  const writer = new Writer()
  for (const node of graph.node) writer.put(node)
  graph.node = writer.nodes
  graph.initializer.push(...writer.constants)
  return encodeModel(model)
}

function widened(tensor: TensorProto): TensorProto {
  if (tensor.dataType !== DataType.FLOAT) return tensor
  return float64(tensor.name, tensor.dims, [...float32Values(tensor)])
}

function float64(name: string, dims: bigint[], doubleData: number[]): TensorProto {
  return create(TensorProtoSchema, { name, dims, dataType: DataType.DOUBLE, doubleData })
}

class Writer {
  readonly nodes: NodeProto[] = []
  readonly constants: TensorProto[] = []

  put(node: NodeProto): void {
    const [x = '', scale = '', bias = ''] = node.input
    const [result = ''] = node.output
    switch (node.opType) {
      case 'LayerNormalization': {
        // The last axis, as all decoders have it.
        const centred = this.#add('Sub', x, this.#mean(x))
        const variance = this.#mean(this.#add('Mul', centred, centred))
        const padded = this.#add('Add', variance, this.#number(floatOf(node, 'epsilon', 1e-5)))
        const normed = this.#add('Div', centred, this.#add('Sqrt', padded))
        const scaled = this.#add('Mul', normed, scale)
        this.#name(bias === '' ? scaled : this.#add('Add', scaled, bias), result)
        return
      }
      case 'Erf': {
        // erf x = 2x/√π e^(−x²) Σ (2x²)ⁿ / (2n + 1)!!, summed from within.
        const square = this.#add('Mul', x, x)
        const twice = this.#add('Add', square, square)
        const one = this.#number(1)
        let sum = one
        for (let n = ERF_TERMS; n > 0; n--) {
          const ratio = this.#add('Mul', twice, this.#number(1 / (2 * n + 1)))
          sum = this.#add('Add', one, this.#add('Mul', sum, ratio))
        }
        const decay = this.#add('Exp', this.#add('Neg', square))
        const odd = this.#add('Mul', x, this.#number(2 / Math.sqrt(Math.PI)))
        this.#name(this.#add('Mul', odd, this.#add('Mul', decay, sum)), result)
        return
      }
      case 'Cast':
        if (node.attribute.some((it) => it.name === 'to' && Number(it.i) === DataType.FLOAT)) {
          removeAttribute(node, 'to')
          node.attribute.push(attribute('to', DataType.DOUBLE))
        }
        break
      case 'Constant':
      case 'ConstantOfShape':
        for (const it of node.attribute) if (it.t !== undefined) it.t = widened(it.t)
    }
    this.nodes.push(node)
  }

  #add(opType: string, ...input: string[]): string {
    return this.#push(opType, input, `float64/${this.nodes.length}`)
  }

  #push(opType: string, input: string[], output: string, attributes: NodeProto['attribute'] = []) {
    this.nodes.push(
      create(NodeProtoSchema, { opType, input, output: [output], attribute: attributes }),
    )
    return output
  }

  #mean(x: string): string {
    const name = `float64/${this.nodes.length}`
    return this.#push('ReduceMean', [x], name, [attribute('axes', [-1])])
  }

  #name(value: string, name: string): void {
    this.#push('Identity', [value], name)
  }

  #number(value: number): string {
    const name = `float64/number/${this.constants.length}`
    this.constants.push(float64(name, [], [value]))
    return name
  }
}
