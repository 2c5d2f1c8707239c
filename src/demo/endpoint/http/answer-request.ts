import type { Reply } from '../api-call.ts';
import { ApiError } from '../api-error.ts';
import { requestedGroup } from '../faults/denied-resource.ts';
import type { DeliveryFault, InsteadFault } from '../faults/fault.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { insteadReply } from '../faults/instead-reply.ts';
import { type Parameters, RequestInput } from '../request-input.ts';
import { authenticate, unknownToken } from '../signature/authenticate.ts';
import type { SignedRequest } from '../signature/expected-signature.ts';
import type { AccessKey, CallerIdentity } from '../signature/key-ring.ts';
import type { EndpointParts } from './endpoint-parts.ts';
import { regionContent } from './region-content.ts';
import type { Route } from './route-request.ts';
import { errorReply, type HttpReply, successReply } from './write-protocol.ts';

export interface ReadRequest {
  readonly route: Route;
  readonly region: string;
  readonly parameters: Parameters;
  readonly signed: SignedRequest;
  readonly requestId: string;
}

export type Answer =
  | {
      readonly kind: 'reply';
      readonly reply: HttpReply;
      /** `ok`, or the error's code. */
      readonly outcome: string;
      readonly delivery: readonly DeliveryFault[];
    }
  | { readonly kind: 'reset' | 'hang'; readonly outcome: string };

/** Authentication, then faults, then the operation. Throws ApiError for what the service refuses. */
export function answerRequest(parts: EndpointParts, request: ReadRequest): Answer {
  const { route, requestId } = request;
  const serverMillis = parts.clock.now() + parts.faults.skewMillis;
  const key = authenticate(request.signed, route.service, parts.keys, serverMillis);
  if (route.operation === undefined) throw unknownOperation(route);
  const plan = drawFaults(parts, request);
  const identity = identityOf(parts, key);
  if (plan.instead !== undefined) return answerInstead(parts, request, plan.instead, identity, plan.delivery);
  const reply = runOperation(parts, request, plan, identity);
  return {
    kind: 'reply',
    reply: successReply(route.service, route.action, reply, requestId),
    outcome: 'ok',
    delivery: plan.delivery,
  };
}

function unknownOperation({ service, action }: Route): ApiError {
  return service === 'sts'
    ? new ApiError('InvalidAction', `Could not find operation ${action} for version 2011-06-15`)
    : new ApiError('UnknownOperationException', '');
}

function drawFaults(parts: EndpointParts, { route, region, parameters }: ReadRequest): FaultPlan {
  const tokenParameter = route.operation?.tokenParameter;
  return parts.faults.draw({
    action: route.action,
    region,
    group: requestedGroup(parameters),
    isPaged: tokenParameter !== undefined,
    hasToken: tokenParameter !== undefined && typeof parameters[tokenParameter] === 'string',
  });
}

function runOperation(
  parts: EndpointParts,
  request: ReadRequest,
  plan: FaultPlan,
  identity: CallerIdentity,
): Reply {
  const { route, region, parameters } = request;
  const content = regionContent(parts.world, region, parts.regions);
  if (content === undefined) throw unknownToken(route.service);
  if (route.operation === undefined) throw unknownOperation(route);
  return route.operation.run({
    service: route.service,
    action: route.action,
    region,
    input: new RequestInput(parameters),
    identity,
    nowMillis: parts.clock.now(),
    world: parts.world,
    content,
    page: plan.page,
    tokens: parts.tokens,
    roles: parts.roles,
    random: parts.random,
    limits: parts.limits,
  });
}

function answerInstead(
  parts: EndpointParts,
  { route, region, parameters, requestId }: ReadRequest,
  fault: InsteadFault,
  identity: CallerIdentity,
  delivery: readonly DeliveryFault[],
): Answer {
  if (fault.kind === 'reset' || fault.kind === 'hang') return { kind: fault.kind, outcome: fault.kind };
  const { partition, accountId } = parts.world;
  const { service, action } = route;
  const subject = { service, action, region, parameters, partition, accountId, callerArn: identity.arn };
  const instead = insteadReply(fault, subject);
  if (instead instanceof ApiError) {
    return { kind: 'reply', reply: errorReply(service, instead, requestId), outcome: instead.code, delivery };
  }
  const { status, contentType, body } = instead;
  const reply = { status, headers: { 'content-type': contentType }, body: Buffer.from(body) };
  return { kind: 'reply', reply, outcome: fault.kind, delivery };
}

function identityOf({ world }: EndpointParts, key: AccessKey | undefined): CallerIdentity {
  const arn = key?.arn ?? `arn:${world.partition}:iam::${world.accountId}:user/demo`;
  const accountId = arn.split(':')[4] ?? world.accountId;
  return { accountId, arn, userId: key?.accessKeyId.replace(/^AKIA/, 'AIDA') ?? 'AIDADEMODEMODEMODEMO' };
}
