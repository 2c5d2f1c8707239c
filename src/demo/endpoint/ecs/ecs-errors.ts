import { ApiError, invalidParameter } from '../api-error.ts';

export function clusterNotFound(): ApiError {
  return new ApiError('ClusterNotFoundException', 'Cluster not found.');
}

export function serviceNotFound(): ApiError {
  return new ApiError('ServiceNotFoundException', 'Service not found.');
}

export function definitionNotFound(): ApiError {
  return new ApiError('ClientException', 'Unable to describe task definition.');
}

export function refuseToken(kind: 'expired' | 'invalid'): ApiError {
  return invalidParameter(kind === 'expired' ? 'Token is expired.' : 'Invalid token.');
}
