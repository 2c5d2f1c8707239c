/** A refusal as the service words it. Thrown by operations, written by the protocol of the service that was asked. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export function invalidParameter(message: string): ApiError {
  return new ApiError('InvalidParameterException', message);
}

export function resourceNotFound(message: string): ApiError {
  return new ApiError('ResourceNotFoundException', message);
}
