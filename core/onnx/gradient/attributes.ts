/**
 * Attributes of ONNX nodes: reads them with their defaults, and writes the kinds that gradient
 * graphs need.
 */
import { create } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  type AttributeProto,
} from '../onnx.generated.ts'
import { integersAttribute, type NodeProto, type TensorProto } from '../onnxModel.ts'

/** Plain numbers are integers; a float carries its own wrapper. */
export type AttributeValue = number | { readonly float: number } | string | readonly number[]

export type Attributes = Readonly<Record<string, AttributeValue | TensorProto>>

function find(node: NodeProto, name: string): AttributeProto | undefined {
  return node.attribute.find((it) => it.name === name)
}

export function integerOf(node: NodeProto, name: string, otherwise: number): number {
  const found = find(node, name)
  return found === undefined ? otherwise : Number(found.i)
}

export function floatOf(node: NodeProto, name: string, otherwise: number): number {
  return find(node, name)?.f ?? otherwise
}

export function stringOf(node: NodeProto, name: string, otherwise: string): string {
  const found = find(node, name)
  return found === undefined ? otherwise : new TextDecoder().decode(found.s)
}

/** A list of texts, or undefined if the node has none. */
export function stringsOf(node: NodeProto, name: string): string[] | undefined {
  return find(node, name)?.strings.map((it) => new TextDecoder().decode(it))
}

/** A list of integers, or undefined if the node has none. */
export function integersOf(node: NodeProto, name: string): number[] | undefined {
  return integersAttribute(node, name)
}

export function tensorOf(node: NodeProto, name: string): TensorProto | undefined {
  return find(node, name)?.t
}

export function hasAttribute(node: NodeProto, name: string): boolean {
  return find(node, name) !== undefined
}

export function hasSubgraphs(node: NodeProto): boolean {
  return node.attribute.some((it) => it.g !== undefined || it.graphs.length > 0)
}

export function setAttribute(node: NodeProto, name: string, value: AttributeValue): void {
  removeAttribute(node, name)
  node.attribute.push(attribute(name, value))
}

export function removeAttribute(node: NodeProto, name: string): void {
  node.attribute = node.attribute.filter((it) => it.name !== name)
}

export function attribute(name: string, value: AttributeValue | TensorProto): AttributeProto {
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) })
  }
  if (typeof value === 'string') {
    const s = new TextEncoder().encode(value)
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s })
  }
  if ('float' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float })
  }
  if ('dataType' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.TENSOR, t: value })
  }
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) })
}
