import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The direction of a type: given to the library by your code, or got from it. A function's parameters have the opposite direction. */
type Way = 'given' | 'got';
const opposite = (way: Way): Way => (way === 'given' ? 'got' : 'given');

/** Types of RxJS and the platform that call back, by direction. */
const callBack: Readonly<Record<Way, readonly string[]>> = {
  // The library calls them, or listens to them, which runs functions of your code.
  given: ['Observable', 'PromiseLike', 'AbortSignal', 'Observer'],
  // Functions of your code are called when these are subscribed or listened to.
  got: ['Observable', 'AbortSignal', 'OperatorFunction'],
};

/**
 * Returns every place of the public surface where functions of your code are called, as the API reports have it: `WebSocketSubjectConfig.serializer`,
 * `onOpen(effect) result: PromiseLike`, `WebSocketSubject.events subscriber`.
 */
export function callbacksOfTheSurface(...reports: string[]): string[] {
  const found = new Set<string>();
  const visited = new Set<string>();
  const names = new Map<string, ts.Declaration>();
  const sources = reports.map((report) => ts.createSourceFile(`${report}.ts`, codeOf(report), ts.ScriptTarget.Latest, true));
  for (const statement of sources.flatMap(({ statements }) => [...statements])) {
    // Of a class that is merged with an interface, the class has more.
    if (isNamed(statement) && !names.has(statement.name.text)) names.set(statement.name.text, statement);
  }

  const visitParameters = (parameters: readonly ts.ParameterDeclaration[], way: Way, where: string): void => {
    for (const { name, type } of parameters) visit(type, way, `${where}(${name.getText()})`);
  };
  const visitFunction = (declared: ts.SignatureDeclaration, way: Way, where: string): void => {
    if (way === 'given') found.add(where);
    // A named type of a parameter is visited under its own name.
    visitParameters(declared.parameters, opposite(way), where);
    visit(declared.type, way, way === 'given' ? `${where} result` : where);
  };
  const visitMember = (member: ts.Node, way: Way, where: string): void => {
    if (ts.isConstructorDeclaration(member)) visitParameters(member.parameters, opposite(way), `new ${where}`);
    else if (ts.isIndexSignatureDeclaration(member)) visit(member.type, way, `${where}[]`);
    else if (ts.isMethodSignature(member) || ts.isMethodDeclaration(member)) visitFunction(member, way, `${where}.${member.name.getText()}`);
    else if (ts.isPropertySignature(member) || ts.isPropertyDeclaration(member) || ts.isGetAccessor(member)) {
      visit(member.type, way, `${where}.${member.name.getText()}`);
    }
  };
  const visitNamed = (name: string, way: Way, where: string): void => {
    const declared = names.get(name);
    if (declared === undefined) return;
    // An alias of a function is named after the place where it is used; a type with members after itself.
    if (ts.isTypeAliasDeclaration(declared) && !ts.isTypeLiteralNode(declared.type)) {
      visit(declared.type, way, where);
      return;
    }
    // An object of a class of ours that your code gives back is one that it got before.
    if (way === 'given' && ts.isClassDeclaration(declared)) return;
    if (visited.has(`${way} ${name}`)) return;
    visited.add(`${way} ${name}`);
    if (ts.isInterfaceDeclaration(declared) || ts.isClassDeclaration(declared)) {
      for (const { types } of declared.heritageClauses ?? []) for (const type of types) visitReference(type.expression.getText(), [], way, name);
      for (const member of declared.members) visitMember(member, way, name);
    } else if (ts.isTypeAliasDeclaration(declared)) visit(declared.type, way, name);
  };
  const visitReference = (reference: string, args: readonly ts.TypeNode[], way: Way, where: string): void => {
    // The faults are those of RxJS's: the others are made into one of them.
    const name = reference === 'ObservableLike' ? 'Observable' : reference;
    if (callBack[way].includes(name)) found.add(way === 'given' ? `${where}: ${name}` : `${where} ${name === 'AbortSignal' ? 'listener' : 'subscriber'}`);
    else visitNamed(name, way, where);
    for (const arg of args) visit(arg, way, where);
  };
  const visit = (type: ts.TypeNode | undefined, way: Way, where: string): void => {
    if (type === undefined) return;
    if (ts.isFunctionTypeNode(type) || ts.isConstructorTypeNode(type)) visitFunction(type, way, where);
    else if (ts.isTypeReferenceNode(type)) visitReference(type.typeName.getText(), type.typeArguments ?? [], way, where);
    else if (ts.isTypeLiteralNode(type)) for (const member of type.members) visitMember(member, way, where);
    else if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type)) for (const one of type.types) visit(one, way, where);
    else if (ts.isParenthesizedTypeNode(type) || ts.isTypeOperatorNode(type)) visit(type.type, way, where);
    else if (ts.isArrayTypeNode(type)) visit(type.elementType, way, where);
  };

  for (const [name, declared] of names) {
    if (ts.isFunctionDeclaration(declared)) visitFunction(declared, 'got', name);
    else if (ts.isClassDeclaration(declared)) visitNamed(name, 'got', name);
  }
  return [...found].sort();
}

function isNamed(statement: ts.Node): statement is ts.DeclarationStatement & { name: ts.Identifier } {
  return (
    ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)
  );
}

/** Returns the code between the fences of a report. */
function codeOf(report: string): string {
  const text = readFileSync(fileURLToPath(new URL(`../../etc/${report}.api.md`, import.meta.url)), 'utf8');
  return /^```ts\n([^]*?)^```$/m.exec(text)?.[1] ?? '';
}
