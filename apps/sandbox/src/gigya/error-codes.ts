/** errorCode to errorMessage, for the codes this server gives by itself or by an injected fault. */
const messages: Readonly<Record<number, string>> = {
  200008: 'OK with errors',
  200009: 'Accounts linked',
  200010: 'OK, but the login identifier exists',
  206001: 'Account Pending Registration',
  206002: 'Account Pending Verification',
  206003: 'Account Missing LoginID',
  301001: 'Invalid data center',
  400001: 'Invalid request format',
  400002: 'Missing required parameter',
  400003: 'Unique identifier exists',
  400004: 'Invalid parameter format',
  400006: 'Invalid parameter value',
  400007: 'Duplicate value',
  400009: 'Validation error',
  400020: 'Schema validation failed',
  400022: 'Unique index validation error',
  400023: 'Invalid type',
  400024: 'Dynamic fields not allowed',
  400026: 'Invalid format',
  400030: 'Operation not allowed',
  400093: 'Invalid ApiKey parameter',
  400096: 'Not supported',
  400124: 'Limit reached',
  400125: 'Frequency limit reached',
  401000: 'Invalid policy configuration',
  403000: 'Forbidden',
  403002: 'Request has expired',
  403003: 'Invalid request signature',
  403004: 'Duplicate nonce',
  403005: 'Unauthorized user',
  403006: 'Secret sent over HTTP',
  403007: 'Permission denied',
  403010: 'Invalid secret',
  403036: 'Unauthorized partner',
  403041: 'Account disabled',
  403042: 'Invalid LoginID',
  403043: 'Login identifier exists',
  403047: 'Login identifier does not exist',
  403048: 'API rate limit exceeded',
  404000: 'Not found',
  404003: 'UID not found',
  405001: 'API method not found',
  409001: 'Identity exists',
  409030: 'Concurrent updates of one account',
  413001: 'Entity too large',
  413003: 'Object too large',
  500001: 'General server error',
  500028: 'Database error',
  503001: 'Service is busy',
  504001: 'Timeout',
  504002: 'Request timeout',
};

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  206: 'Partial Content',
  301: 'Moved Permanently',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Request Entity Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

export function messageOf(errorCode: number): string {
  return messages[errorCode] ?? 'General error';
}

/** The first three digits of an errorCode; 0 stands for 200. */
export function statusOf(errorCode: number): number {
  return errorCode === 0 ? 200 : Math.floor(errorCode / 1000);
}

export function reasonOf(statusCode: number): string {
  return reasons[statusCode] ?? 'Error';
}
