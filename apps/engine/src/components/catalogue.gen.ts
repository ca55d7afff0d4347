// Made by: node apps/docs/generate.ts
import type { CatalogueEntry } from '#dataflow';

/** Every component as data, sorted by id. */
export const catalogue: readonly CatalogueEntry[] = [
  {
    "type": "datasource.lookup.gender",
    "aliases": [],
    "title": "Guess gender",
    "summary": "Guesses the gender from a first name, with the probability of the guess.",
    "notes": "The guess is `m` or `f`, as `profile.gender` of an account has it, or `u` when the name is not known, missing, or the guess would be less probable than asked for. Its probability goes to a second field; null when the name is not known.\n\nThe bundled table holds how often a name was given to girls and boys born in the United States from 1930 to 2013: 18,196 names, published by the Social Security Administration (public domain). Letter case and accents do not matter; of two names the first counts when both together are not known.\n\nA guess for targeting, not a fact about a person: do not write it to `profile.gender`. The original dropped the component from its later lists; its answer’s exact form is not known, so the two fields are our choice.",
    "limits": [
      "Names as they are given in the United States: Andrea, Jean and Nicola are counted as female names there, and names written in other scripts are not known.",
      "What a person says of themselves may differ; nobody else can know."
    ],
    "kind": "lookup",
    "group": "Lookups",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "firstNameField": {
          "type": "string",
          "minLength": 1,
          "fieldPath": true,
          "title": "First name",
          "help": "The field with the first name.",
          "examples": [
            "profile.firstName"
          ],
          "source": "doc"
        },
        "targetField": {
          "type": "string",
          "minLength": 1,
          "fieldPath": true,
          "title": "Target field",
          "help": "Receives the guess: m, f or u.",
          "examples": [
            "data.guessedGender"
          ],
          "source": "doc"
        },
        "probabilityField": {
          "fieldPath": true,
          "title": "Probability field",
          "help": "Receives the probability of the guess, 0.5 to 1; the target field with Probability behind it when not given.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "minProbability": {
          "default": 0.5,
          "title": "Least probability",
          "help": "A guess that is less probable becomes u.",
          "advanced": true,
          "source": "choice",
          "type": "number",
          "minimum": 0.5,
          "maximum": 1
        }
      },
      "required": [
        "firstNameField",
        "targetField"
      ]
    },
    "examples": [
      {
        "title": "Guess from the profile",
        "params": {
          "firstNameField": "profile.firstName",
          "targetField": "data.guessedGender"
        },
        "input": [
          {
            "profile": {
              "firstName": "Natasha"
            }
          },
          {
            "profile": {
              "firstName": "Zzyzx"
            }
          }
        ],
        "output": [
          {
            "profile": {
              "firstName": "Natasha"
            },
            "data": {
              "guessedGender": "f",
              "guessedGenderProbability": 0.997
            }
          },
          {
            "profile": {
              "firstName": "Zzyzx"
            },
            "data": {
              "guessedGender": "u",
              "guessedGenderProbability": null
            }
          }
        ]
      },
      {
        "title": "Only sure guesses",
        "params": {
          "firstNameField": "name",
          "targetField": "gender",
          "minProbability": 0.9
        },
        "input": [
          {
            "name": "Robin"
          },
          {
            "name": "JOSÉ"
          }
        ],
        "output": [
          {
            "name": "Robin",
            "gender": "u",
            "genderProbability": 0.87
          },
          {
            "name": "JOSÉ",
            "gender": "m",
            "genderProbability": 0.993
          }
        ]
      }
    ],
    "connects": false
  },
  {
    "type": "datasource.read.amazon.s3",
    "aliases": [],
    "title": "Read files from Amazon S3",
    "summary": "Reads the objects of a bucket whose keys begin with a prefix, by default those that changed since the last successful run.",
    "notes": "- `objectKeyPrefix` is compared letter by letter, as S3 does: `in` finds `inbox/a.csv` too, `inbox/` everything in that folder and in those below it. A slash at its head is left out.\n- A file is called by the last part of its key, and `fileNameRegex` is matched with that. Objects whose key ends in a slash only mark a folder and are left out, and so are names that end in `.uploading`.\n- Only objects changed since the last successful run are read, by the time S3 shows, unless the job pulls all records. No object is no fault.\n- Without `region` the region is found out from the answer of the server, so that a bucket of any region can be read with its name alone.\n- Passing faults (`SlowDown`, 5xx, cut connections) are repeated; a download that is cut goes on behind the last byte, of the same version of the object.\n- `endpoint` reaches any other server that speaks the protocol; the bucket then stands in the path. `sortBy` and `sortOrder` are our choice, as in the SFTP reader.\n- The user needs the rights `s3:ListBucket` and `s3:GetObject`. Nothing is removed or changed in the bucket.",
    "faults": [
      {
        "when": "Wrong accessKey or secretKey (InvalidAccessKeyId, SignatureDoesNotMatch)",
        "effect": "The job fails before anything is read.",
        "remedy": "Check both keys; they belong together."
      },
      {
        "when": "The user lacks a right (AccessDenied)",
        "effect": "The job fails and names the right.",
        "remedy": "Give the user s3:ListBucket on the bucket and s3:GetObject on its objects."
      },
      {
        "when": "No such bucket (NoSuchBucket)",
        "effect": "The job fails.",
        "remedy": "Check bucketName and, for another server, endpoint."
      },
      {
        "when": "The bucket is in another region than region says",
        "effect": "The job fails and names the right region.",
        "remedy": "Set region to it, or leave region empty."
      },
      {
        "when": "The clock of this machine is wrong (RequestTimeTooSkewed)",
        "effect": "The call is repeated with the server’s time; where that does not help the job fails.",
        "remedy": "Set the clock of the machine."
      },
      {
        "when": "The server cannot be reached, or its certificate has expired",
        "effect": "Calls are repeated for some seconds, then the job fails and names the cause. A wrong certificate fails at once.",
        "remedy": "Check endpoint, the network, and the certificate."
      },
      {
        "when": "An object is archived (InvalidObjectState)",
        "effect": "The job fails when it comes to that object.",
        "remedy": "Restore it, or leave it out by fileNameRegex."
      },
      {
        "when": "An object changes while it is read",
        "effect": "Reading goes on as long as the connection holds; a download that was cut then fails the job.",
        "remedy": "Run the job again when the object is complete."
      }
    ],
    "limits": [
      "The whole listing is held in memory while it is sorted, about 300 bytes for each object below the prefix.",
      "Two objects of the same name in different folders become two files of the same name.",
      "Temporary credentials (session tokens), roles and versions of objects are not supported.",
      "Objects whose key begins with a slash are read only by an empty prefix."
    ],
    "kind": "reader",
    "group": "Readers",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "bucketName": {
          "type": "string",
          "minLength": 3,
          "title": "Bucket",
          "help": "Name of the bucket.",
          "examples": [
            "example-exports"
          ],
          "source": "doc"
        },
        "accessKey": {
          "type": "string",
          "minLength": 1,
          "title": "Access key",
          "help": "Access key id of an IAM user.",
          "examples": [
            "AKIAIOSFODNN7EXAMPLE"
          ],
          "source": "doc"
        },
        "secretKey": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Secret key",
          "help": "The secret access key that belongs to the access key.",
          "source": "doc"
        },
        "region": {
          "title": "Region",
          "help": "The region of the bucket. Without it the region is found out by asking the server.",
          "examples": [
            "eu-central-1"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "endpoint": {
          "title": "Endpoint",
          "help": "Address of another server that speaks the S3 protocol. Without it, Amazon’s.",
          "examples": [
            "https://storage.example.com"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string"
        },
        "timeout": {
          "default": 60,
          "title": "Timeout",
          "help": "How long to wait for a connection and for each answer of the server.",
          "unit": "seconds",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 5,
          "maximum": 600
        },
        "objectKeyPrefix": {
          "default": "",
          "title": "Key prefix",
          "help": "What the keys of the objects begin with: a folder such as inbox/, or the whole key of one object. Empty reads the whole bucket.",
          "examples": [
            "inbox/",
            "inbox/accounts.csv",
            "inbox/${now:yyyy-MM-dd}/"
          ],
          "placeholders": true,
          "source": "doc",
          "type": "string"
        },
        "fileNameRegex": {
          "title": "File names",
          "help": "A regular expression that the whole name must match. A plain name such as accounts.json works too.",
          "examples": [
            "accounts_.*\\.csv",
            "accounts.json"
          ],
          "language": "regex",
          "source": "choice",
          "type": "string"
        },
        "sortBy": {
          "default": "time",
          "title": "Order by",
          "help": "What the files are put in order by.",
          "source": "choice",
          "type": "string",
          "enum": [
            "time",
            "name"
          ]
        },
        "sortOrder": {
          "default": "ASC",
          "title": "Order",
          "help": "ASC reads the oldest or the first name first.",
          "source": "choice",
          "type": "string",
          "enum": [
            "ASC",
            "DESC"
          ]
        }
      },
      "required": [
        "bucketName",
        "accessKey",
        "secretKey"
      ]
    },
    "examples": [
      {
        "title": "All CSV files of a folder, oldest first",
        "params": {
          "bucketName": "example-exports",
          "accessKey": "AKIAIOSFODNN7EXAMPLE",
          "secretKey": "its-secret-key",
          "objectKeyPrefix": "inbox/",
          "fileNameRegex": ".*\\.csv"
        }
      },
      {
        "title": "One object",
        "params": {
          "bucketName": "example-exports",
          "accessKey": "AKIAIOSFODNN7EXAMPLE",
          "secretKey": "its-secret-key",
          "objectKeyPrefix": "inbox/accounts.json"
        }
      },
      {
        "title": "Another server",
        "params": {
          "bucketName": "example-exports",
          "accessKey": "AKIAIOSFODNN7EXAMPLE",
          "secretKey": "its-secret-key",
          "endpoint": "https://storage.example.com",
          "region": "us-east-1"
        }
      }
    ],
    "connects": true
  },
  {
    "type": "datasource.read.external.generic",
    "aliases": [],
    "title": "Read from any API",
    "summary": "Reads records as JSON from an HTTP endpoint, page by page.",
    "notes": "An extension: the original promises such a reader, its parameters are not known.\n\n- A list of plain values becomes records with one field, `value`; a single object is one record.\n- Pages are read one after the other. A next page on another host is refused, because the credentials would go there too; so is paging that comes back to a page it had.\n- `successTest` is for platforms that answer a failure with HTTP 200.",
    "faults": [
      {
        "when": "The host cannot be reached, 408, 425, 429 or 5xx",
        "effect": "The page is asked for again with growing pauses, or after `Retry-After`; after twelve tries the job fails.",
        "remedy": "Check the address, or set a pace."
      },
      {
        "when": "401, 403, 404 or another refusal",
        "effect": "The job fails with status and text of the answer.",
        "remedy": "Check address and authentication; `Test connection` shows the same answer."
      },
      {
        "when": "The answer has no list at `recordsPath`",
        "effect": "The job fails and names the fields the answer has.",
        "remedy": "Set `recordsPath`."
      },
      {
        "when": "The certificate has expired or is not trusted",
        "effect": "The job fails and says so.",
        "remedy": "Have the certificate renewed; it cannot be ignored."
      }
    ],
    "limits": [
      "A page is held in memory as a whole: up to some ten thousand records.",
      "JSON only. For CSV put the file on a storage and read it from there.",
      "OAuth 2 with client credentials; no grants that need a person at a browser."
    ],
    "kind": "reader",
    "group": "Readers",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "url": {
          "type": "string",
          "minLength": 1,
          "title": "Address",
          "help": "Where the first request goes.",
          "examples": [
            "https://api.example.com/contacts"
          ],
          "placeholders": true,
          "formerly": [
            "endpoint"
          ],
          "source": "choice"
        },
        "method": {
          "default": "GET",
          "title": "Method",
          "help": "The HTTP method.",
          "source": "choice",
          "type": "string",
          "enum": [
            "GET",
            "POST"
          ]
        },
        "authentication": {
          "title": "Authentication",
          "help": "How the requests prove who sends them.",
          "source": "choice",
          "type": "object",
          "properties": {
            "type": {
              "default": "none",
              "title": "Kind",
              "help": "`basic`: user name and password; `bearer`: a token; `apiKey`: a key in a header of its own; `oauth2`: a token fetched with client id and secret (client credentials) and renewed when it ends.",
              "source": "choice",
              "type": "string",
              "enum": [
                "none",
                "basic",
                "bearer",
                "apiKey",
                "oauth2"
              ]
            },
            "username": {
              "title": "User name",
              "help": "For `basic`.",
              "source": "choice",
              "type": "string"
            },
            "password": {
              "secret": true,
              "title": "Password",
              "help": "For `basic`.",
              "source": "choice",
              "type": "string",
              "minLength": 1
            },
            "token": {
              "secret": true,
              "title": "Token or key",
              "help": "For `bearer` and `apiKey`.",
              "source": "choice",
              "type": "string",
              "minLength": 1
            },
            "headerName": {
              "default": "X-API-Key",
              "title": "Header",
              "help": "For `apiKey`: the header the key is sent in.",
              "advanced": true,
              "source": "choice",
              "type": "string"
            },
            "tokenUrl": {
              "title": "Token address",
              "help": "For `oauth2`: where tokens are issued.",
              "examples": [
                "https://login.example.com/oauth2/token"
              ],
              "source": "choice",
              "type": "string"
            },
            "clientId": {
              "title": "Client id",
              "help": "For `oauth2`.",
              "source": "choice",
              "type": "string"
            },
            "clientSecret": {
              "secret": true,
              "title": "Client secret",
              "help": "For `oauth2`.",
              "source": "choice",
              "type": "string",
              "minLength": 1
            },
            "scope": {
              "title": "Scope",
              "help": "For `oauth2`: what the token is asked for, where the issuer wants it told.",
              "advanced": true,
              "source": "choice",
              "type": "string"
            }
          }
        },
        "headers": {
          "default": [],
          "title": "Headers",
          "help": "Further headers of each request. Keys and tokens belong into the authentication, which is kept secret.",
          "source": "choice",
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "name": {
                "type": "string",
                "pattern": "^[!#$%&'*+\\-.^_`|~0-9A-Za-z]+$",
                "title": "Name",
                "help": "Name of the header."
              },
              "value": {
                "type": "string",
                "pattern": "^[\\t\\x20-\\x7e\\x80-\\xff]*$",
                "title": "Value",
                "help": "Sent as it is; no secrets here."
              }
            },
            "required": [
              "name",
              "value"
            ]
          }
        },
        "body": {
          "title": "Body",
          "help": "For POST: a JSON object, such as a query.",
          "placeholders": true,
          "source": "choice",
          "type": "string"
        },
        "recordsPath": {
          "default": ".",
          "title": "Records",
          "help": "Path in the answer of the list of records; a dot when the answer itself is that list.",
          "examples": [
            "data.items"
          ],
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "paging": {
          "title": "Paging",
          "help": "How the API hands out a long list.",
          "source": "choice",
          "type": "object",
          "properties": {
            "type": {
              "default": "none",
              "title": "Kind",
              "help": "`none`: one answer has all; `link`: the Link header names the next page; `nextUrl`: a field of the answer holds its address; `cursor`: a field holds a mark that the next request sends back; `page`: pages are numbered; `offset`: the request tells how many records to skip.",
              "source": "choice",
              "type": "string",
              "enum": [
                "none",
                "link",
                "nextUrl",
                "cursor",
                "page",
                "offset"
              ]
            },
            "cursorPath": {
              "title": "Mark in the answer",
              "help": "For `nextUrl` and `cursor`: path of the next address or mark; missing, null or empty ends the list.",
              "examples": [
                "paging.next"
              ],
              "source": "choice",
              "type": "string"
            },
            "param": {
              "title": "Parameter",
              "help": "For `cursor`, `page` and `offset`: the request parameter that carries mark, number or count.",
              "examples": [
                "page",
                "cursor",
                "offset"
              ],
              "source": "choice",
              "type": "string"
            },
            "firstPage": {
              "default": 1,
              "title": "First page",
              "help": "For `page`: number of the first one.",
              "advanced": true,
              "source": "choice",
              "type": "integer",
              "minimum": 0,
              "maximum": 9007199254740991
            },
            "sizeParam": {
              "title": "Size parameter",
              "help": "Request parameter that asks for the page size.",
              "examples": [
                "limit",
                "per_page"
              ],
              "source": "choice",
              "type": "string"
            },
            "pageSize": {
              "title": "Page size",
              "help": "Records in a page. A page with fewer is the last one of `page` and `offset`; without it, an empty page is.",
              "source": "choice",
              "type": "integer",
              "minimum": 1,
              "maximum": 100000
            },
            "in": {
              "default": "query",
              "title": "Where",
              "help": "Whether these parameters stand in the address or in the JSON body.",
              "advanced": true,
              "source": "choice",
              "type": "string",
              "enum": [
                "query",
                "body"
              ]
            }
          }
        },
        "changedSinceParam": {
          "title": "Changed since",
          "help": "Query parameter that tells the time of the last successful run, so that only what changed since is read. Not sent by the first run and by jobs that pull all records.",
          "examples": [
            "updated_since"
          ],
          "source": "choice",
          "type": "string"
        },
        "changedSinceFormat": {
          "default": "iso",
          "title": "Time format",
          "help": "How that time is written: `2024-02-29T12:34:56.789Z`, or seconds or milliseconds since 1970.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "enum": [
            "iso",
            "seconds",
            "milliseconds"
          ]
        },
        "successTest": {
          "title": "Success test",
          "help": "A JEXL expression over `status` (HTTP status), `headers` (names in lower case) and `body` (the JSON answer); an answer for which it is not true is a failure. Without it 200 to 299 is a success.",
          "examples": [
            "status eq 200 and body.success eq true"
          ],
          "language": "jexl",
          "advanced": true,
          "source": "choice",
          "type": "string"
        },
        "callsPerSecond": {
          "title": "Pace",
          "help": "At most so many requests a second.",
          "advanced": true,
          "source": "choice",
          "type": "number",
          "exclusiveMinimum": 0,
          "maximum": 10000
        },
        "timeout": {
          "default": 60,
          "title": "Timeout",
          "help": "How long to wait for an answer.",
          "unit": "seconds",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 600
        }
      },
      "required": [
        "url"
      ]
    },
    "examples": [
      {
        "title": "Numbered pages of 100 with an API key",
        "params": {
          "url": "https://api.example.com/contacts",
          "authentication": {
            "type": "apiKey",
            "token": "its-key"
          },
          "recordsPath": "contacts",
          "paging": {
            "type": "page",
            "param": "page",
            "sizeParam": "per_page",
            "pageSize": 100
          },
          "changedSinceParam": "updated_since"
        }
      },
      {
        "title": "A query by POST with a cursor in the body, signed in by OAuth 2",
        "params": {
          "url": "https://api.example.com/search",
          "method": "POST",
          "authentication": {
            "type": "oauth2",
            "tokenUrl": "https://login.example.com/token",
            "clientId": "its-id",
            "clientSecret": "its-secret"
          },
          "body": "{\"filter\": {\"status\": \"active\"}}",
          "recordsPath": "results",
          "paging": {
            "type": "cursor",
            "cursorPath": "nextCursor",
            "param": "cursor",
            "in": "body"
          }
        }
      }
    ],
    "connects": true
  },
  {
    "type": "datasource.read.ftp",
    "aliases": [],
    "title": "Read files from FTP",
    "summary": "Reads the files of a folder on an FTP or FTPS server, by default those that changed since the last successful run.",
    "notes": "- Only files changed since the last successful run are read, by the time the server shows, unless the job pulls all records. Times come from MLSD, else from MDTM; a server that knows neither shows them by the minute and without a zone, and then a file counts as changed at the latest instant that can mean, so it may be read again within the next half day.\n- Folders, files whose name ends in `.uploading`, names with control characters, and links to anything but files are left out. No file is no fault; a folder that does not exist is.\n- `security` is a choice of this product: plain FTP unless it says `explicit` (RFC 4217) or `implicit`. The certificate must be valid for the host, be signed by `certificateAuthority`, or be the one of `certificateSha256`.\n- FTP knows no private keys: `password` is the only credential, and `anonymous` needs none.\n- Transfers are passive (EPSV, else PASV). Data connections go to the address of the control connection, whatever the server names.\n- Files are read as a stream; nothing is removed from the server. A connection that is lost, between two files or in one, is opened again and reading goes on where it was cut (REST), as long as size and time of the file are the same.",
    "faults": [
      {
        "when": "The server cannot be reached",
        "effect": "The connection is tried five times more, then the job fails.",
        "remedy": "Check host, port and the firewall; implicit TLS has port 990."
      },
      {
        "when": "Login refused (530)",
        "effect": "The job fails.",
        "remedy": "Check user name and password. Some servers let users in only with encryption: try `explicit`."
      },
      {
        "when": "The certificate is self-signed, expired or for another host",
        "effect": "The job fails before the password is sent.",
        "remedy": "Have it renewed, or put its authority into `certificateAuthority` or its fingerprint into `certificateSha256`."
      },
      {
        "when": "The folder does not exist (550)",
        "effect": "The job fails.",
        "remedy": "Check `remotePath`; without a slash in front it begins where the server puts the user."
      },
      {
        "when": "The connection is lost while a file is read",
        "effect": "Up to twelve tries without progress go on from there.",
        "remedy": "None, unless the file changed meanwhile: then run the job again."
      }
    ],
    "limits": [
      "One file at a time. Files of any size; 2 GB pass in less than 300 MB of memory.",
      "A listing may have up to 40 MB. Folders below the folder are not looked into.",
      "Names are UTF-8. Active mode, proxies, ASCII transfers and client certificates are not offered.",
      "Without MLSD each matching file costs one request more for its time."
    ],
    "kind": "reader",
    "group": "Readers",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "host": {
          "type": "string",
          "minLength": 1,
          "title": "Host",
          "help": "Name or address of the server.",
          "examples": [
            "ftp.example.com"
          ],
          "source": "doc"
        },
        "port": {
          "title": "Port",
          "help": "Port of the server; 21 when not given, with implicit TLS 990.",
          "examples": [
            21,
            990
          ],
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 65535
        },
        "username": {
          "type": "string",
          "minLength": 1,
          "title": "User name",
          "help": "Whom to log in as.",
          "examples": [
            "etl",
            "anonymous"
          ],
          "source": "doc"
        },
        "password": {
          "secret": true,
          "title": "Password",
          "help": "Not needed for anonymous servers.",
          "source": "doc",
          "type": "string",
          "minLength": 1
        },
        "security": {
          "default": "none",
          "title": "Encryption",
          "help": "explicit: FTPS, encrypted after AUTH TLS; implicit: FTPS, encrypted from the first byte; none: plain FTP, which shows password and files to everybody on the way.",
          "source": "choice",
          "type": "string",
          "enum": [
            "none",
            "explicit",
            "implicit"
          ]
        },
        "timeout": {
          "default": 60,
          "title": "Timeout",
          "help": "How long to wait for the connection and for each answer of the server.",
          "unit": "seconds",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 10,
          "maximum": 120
        },
        "certificateAuthority": {
          "title": "Certificate authority",
          "help": "PEM text (or base64 of it) of the authority that signed the certificate of the server, or of a self-signed certificate itself. The well-known authorities are known anyway.",
          "advanced": true,
          "source": "choice",
          "type": "string"
        },
        "certificateSha256": {
          "title": "Certificate fingerprint",
          "help": "SHA-256 of the only certificate to accept, whoever signed it, as openssl x509 -fingerprint -sha256 prints it.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "pattern": "^(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){31})$"
        },
        "remotePath": {
          "default": "",
          "title": "Folder",
          "help": "The remote folder to read from; empty is the folder the server puts the user in. Folders below it are not looked into.",
          "examples": [
            "/inbox"
          ],
          "placeholders": true,
          "source": "inf",
          "type": "string"
        },
        "fileNameRegex": {
          "title": "File names",
          "help": "A regular expression that the whole name must match. A plain name such as accounts.json works too.",
          "examples": [
            "accounts_.*\\.csv",
            "accounts.json"
          ],
          "language": "regex",
          "source": "inf",
          "type": "string"
        },
        "sortBy": {
          "default": "time",
          "title": "Order by",
          "help": "What the files are put in order by.",
          "source": "inf",
          "type": "string",
          "enum": [
            "time",
            "name"
          ]
        },
        "sortOrder": {
          "default": "ASC",
          "title": "Order",
          "help": "ASC reads the oldest or the first name first.",
          "source": "inf",
          "type": "string",
          "enum": [
            "ASC",
            "DESC"
          ]
        }
      },
      "required": [
        "host",
        "username"
      ]
    },
    "examples": [
      {
        "title": "All CSV files over FTPS, oldest first",
        "params": {
          "host": "ftp.example.com",
          "username": "etl",
          "password": "its-password",
          "security": "explicit",
          "remotePath": "/inbox",
          "fileNameRegex": ".*\\.csv"
        }
      },
      {
        "title": "Plain FTP, by name",
        "params": {
          "host": "ftp.example.com",
          "username": "etl",
          "password": "its-password",
          "sortBy": "name"
        }
      }
    ],
    "connects": true
  },
  {
    "type": "datasource.read.gigya.account",
    "aliases": [],
    "title": "Read accounts",
    "summary": "Extracts accounts of a site, by default those that changed since the last successful run.",
    "notes": "Reads `accounts.search` by cursor: any number of accounts, each page repeated when the call fails or is throttled.\n\n- **Delta**: `deltaField` later than the last successful run, less 30 seconds, which is how long a change may stay unseen by searches. So an account may be read by two runs, and none is missed.\n- **`subscriptions` and `password`** are not returned by a search of `accounts`. When the field list names them, each account is completed with `accounts.getAccountInfo`, `maxConcurrency` calls at a time; this is one more call for each account.\n- A selected field that the account lacks is `null` (`profile.city` gives `{\"profile\": {\"city\": null}}`), so that scripts can test for it; with `excludeEmptyFields` it is left out.\n- Time marks in `where` are filled with milliseconds when the job pulls all records; in other jobs they are refused, because the delta sets the time there.\n- `consent` adds `preferences.<path>.isConsentGranted = true` to the condition for each path.\n- **Incomplete windows**: without an earlier run the first one reads everything; a run on the command line reads the last 24 hours.",
    "faults": [
      {
        "when": "The user key, its secret or its private key is refused (403003, 403007, 403010, 403036 …)",
        "effect": "The job fails and names site and user key, never the secret.",
        "remedy": "Check API key, user key and secret of the site, and that the key may call the method."
      },
      {
        "when": "Too many calls a second (403048)",
        "effect": "All calls of the step wait their turn with growing pauses, up to two minutes each.",
        "remedy": "Lower the parallel calls, or ask for a higher limit."
      },
      {
        "when": "The platform is busy or fails (409030, 500001, 503001, 504001 …), or a connection breaks",
        "effect": "The call is repeated with growing pauses.",
        "remedy": "None needed for a short while; after that look at the platform’s status page."
      },
      {
        "when": "The site lives in another data centre (301001)",
        "effect": "Calls go where the platform says; one call is lost on it.",
        "remedy": "Set the data centre of the site."
      },
      {
        "when": "The data centre’s host does not exist, does not answer, or is not allowed by the operator",
        "effect": "The job fails and names the host.",
        "remedy": "Check the data centre, the network and the operator’s list of allowed addresses."
      },
      {
        "when": "The clock of this machine is wrong (403002)",
        "effect": "Calls are signed by the platform’s clock from then on.",
        "remedy": "Set the clock."
      },
      {
        "when": "The platform does not accept the field list or the condition (400006)",
        "effect": "The job fails with the platform’s words.",
        "remedy": "Mend the field list or the condition; the whole query stands in the trace."
      },
      {
        "when": "More than five minutes pass between two pages, because later steps are slow",
        "effect": "The cursor expires (400006) and the job fails.",
        "remedy": "Make pages smaller, or let the slow step make more parallel calls."
      },
      {
        "when": "An account that is being completed is gone by then (404003)",
        "effect": "It goes to the error path.",
        "remedy": "None needed."
      }
    ],
    "limits": [
      "A page holds at most 1000 accounts; pages follow each other, so one reader reads as fast as the platform answers one search.",
      "Fields that need `accounts.getAccountInfo` cost one call for each account.",
      "A change may be read twice, by two runs; none is missed as long as the platform shows it within 30 seconds."
    ],
    "kind": "reader",
    "group": "Readers",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "select": {
          "type": "string",
          "minLength": 1,
          "title": "Fields",
          "help": "Comma separated fields or objects, as in the platform’s search language. Aliases with AS work; * takes all that a search returns.",
          "examples": [
            "UID, profile.firstName, profile.email",
            "UID, profile, data.loyalty AS loyalty"
          ],
          "language": "gigya-query",
          "formerly": [
            "fields"
          ],
          "source": "doc"
        },
        "from": {
          "default": "accounts",
          "title": "Accounts",
          "help": "`accounts` are full accounts; `emailAccounts` are lite and full ones by mail address.",
          "source": "doc",
          "type": "string",
          "enum": [
            "accounts",
            "emailAccounts"
          ]
        },
        "where": {
          "title": "Condition",
          "help": "A condition of the search language without the word WHERE. Time marks such as ${now-1h} work when the job pulls all records.",
          "examples": [
            "profile.firstName IS NOT NULL",
            "lastLoginTimestamp > ${now-1M}"
          ],
          "language": "gigya-query",
          "formerly": [
            "whereClause"
          ],
          "source": "doc",
          "type": "string"
        },
        "deltaField": {
          "default": "lastUpdatedTimestamp",
          "title": "Delta field",
          "help": "Only accounts whose value is newer than the last successful run are read, unless the job pulls all records.",
          "source": "doc",
          "type": "string",
          "enum": [
            "lastUpdatedTimestamp",
            "lastLoginTimestamp",
            "oldestDataUpdatedTimestamp",
            "createdTimestamp",
            "verifiedTimestamp",
            "registeredTimestamp"
          ]
        },
        "consent": {
          "title": "Consents",
          "help": "Only accounts that granted each of these consent statements are read; give their paths under preferences.",
          "examples": [
            "terms.tos",
            "marketing.mail"
          ],
          "source": "doc",
          "type": "array",
          "items": {
            "type": "string",
            "minLength": 1
          }
        },
        "batchSize": {
          "default": 300,
          "title": "Page size",
          "help": "Records in one page of the search. The platform gives at most 1000; more is read as 1000.",
          "advanced": true,
          "source": "obs",
          "type": "integer",
          "minimum": 1,
          "maximum": 10000
        },
        "maxConcurrency": {
          "default": 1,
          "title": "Parallel calls",
          "help": "Calls in flight when accounts are completed one by one (subscriptions, password). Pages of one search follow each other; the next is always fetched ahead.",
          "advanced": true,
          "source": "obs",
          "type": "integer",
          "minimum": 1,
          "maximum": 100
        },
        "excludeEmptyFields": {
          "default": false,
          "title": "Leave out empty fields",
          "help": "Nulls, empty texts, lists and objects are left out. Otherwise a selected field that a record lacks is null.",
          "source": "obs",
          "type": "boolean"
        },
        "keepFieldNamesWithDotAsIs": {
          "default": false,
          "title": "Keep dots in names",
          "help": "Names with dots stay one name. Otherwise they become nested objects.",
          "advanced": true,
          "source": "inf",
          "type": "boolean"
        },
        "apiKey": {
          "title": "API key of another site",
          "help": "Talk to this site in place of the one that owns the dataflow, as in copies from site to site. Needs user key and secret too.",
          "advanced": true,
          "source": "doc",
          "type": "string"
        },
        "userKey": {
          "title": "User key",
          "help": "The application or user key for the other site.",
          "advanced": true,
          "source": "doc",
          "type": "string"
        },
        "secret": {
          "secret": true,
          "title": "Secret",
          "help": "The secret of that key, base64 as the console shows it.",
          "advanced": true,
          "source": "doc",
          "type": "string",
          "minLength": 1
        },
        "privateKey": {
          "secret": true,
          "title": "Private key",
          "help": "RSA key (PKCS#8) of the user key: calls carry a signed token in place of a signature with the secret.",
          "advanced": true,
          "source": "obs",
          "type": "string",
          "minLength": 1
        },
        "signWith": {
          "default": "signature",
          "title": "Prove calls by",
          "help": "`signature`: each call is signed with the secret, which is not sent. `secret`: user key and secret are sent as they are, over HTTPS only. A private key, where there is one, is used instead of either.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "enum": [
            "signature",
            "secret"
          ]
        },
        "apiDomain": {
          "title": "Data centre",
          "help": "Host of the data centre of the other site. Without it the one of the dataflow’s own site is asked first; the platform then says where the site lives.",
          "examples": [
            "us1.gigya.com",
            "eu1.gigya.com",
            "au1.gigya.com"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string"
        }
      },
      "required": [
        "select"
      ]
    },
    "examples": [
      {
        "title": "Names and mail addresses of accounts with a first name",
        "params": {
          "select": "UID, profile.firstName, profile.email",
          "where": "profile.firstName IS NOT NULL"
        }
      },
      {
        "title": "Copy from another site",
        "params": {
          "select": "UID, profile, data",
          "apiKey": "4_AnotherSite",
          "userKey": "AKeyOfTheOtherSite",
          "secret": "c2VjcmV0LW9mLXRoZS1vdGhlci1zaXRl"
        }
      }
    ],
    "connects": true
  },
  {
    "type": "datasource.read.local",
    "aliases": [],
    "title": "Read local files",
    "summary": "Reads the files of a folder on the machine that runs the dataflow.",
    "notes": "On a server, only folders that its operator allows can be read; from the command line any folder, and relative paths begin at the current one.\n\n- Only files changed since the last successful run are read, unless the job pulls all records.\n- Folders inside the folder, and files whose name ends in `.uploading`, are left out; so are hidden files (their name begins with a dot) unless `fileNameRegex` is set. A link is followed when its target is allowed too.\n- No file is no fault; a folder that does not exist is. Nothing is removed.",
    "kind": "reader",
    "group": "Readers",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "path": {
          "type": "string",
          "minLength": 1,
          "title": "Folder or file",
          "help": "The folder whose files are read, or one file.",
          "examples": [
            "/data/inbox",
            "accounts.csv"
          ],
          "placeholders": true,
          "source": "choice"
        },
        "fileNameRegex": {
          "title": "File names",
          "help": "A regular expression that the whole name must match. A plain name such as accounts.json works too.",
          "examples": [
            "accounts_.*\\.csv",
            "accounts.json"
          ],
          "language": "regex",
          "source": "choice",
          "type": "string"
        },
        "sortBy": {
          "default": "time",
          "title": "Order by",
          "help": "What the files are put in order by.",
          "source": "choice",
          "type": "string",
          "enum": [
            "time",
            "name"
          ]
        },
        "sortOrder": {
          "default": "ASC",
          "title": "Order",
          "help": "ASC reads the oldest or the first name first.",
          "source": "choice",
          "type": "string",
          "enum": [
            "ASC",
            "DESC"
          ]
        }
      },
      "required": [
        "path"
      ]
    },
    "examples": [
      {
        "title": "All CSV files of a folder, oldest first",
        "params": {
          "path": "/data/inbox",
          "fileNameRegex": ".*\\.csv"
        }
      },
      {
        "title": "One file",
        "params": {
          "path": "accounts.csv"
        }
      }
    ],
    "connects": false
  },
  {
    "type": "datasource.read.sftp",
    "aliases": [],
    "title": "Read files from SFTP",
    "summary": "Reads the files of a folder on an SFTP server, by default those that changed since the last successful run.",
    "notes": "- Only files changed since the last successful run are read, by the time the server shows, unless the job pulls all records. A file that was put there with an older time of change is not seen.\n- Folders, files whose name ends in `.uploading`, and links to anything but files are left out. No file is no fault; a folder that does not exist is.\n- Files are read as a stream, many pieces under way at a time; nothing is removed from the server.\n- `hostKeySha256` pins the host key. Without it any key is accepted, and its fingerprint stands in the trace.\n- A connection that is lost, between two files or in one, is opened again, to the same host key only, and reading goes on where it was cut, as long as size and time of the file are the same.",
    "faults": [
      {
        "when": "The server cannot be reached",
        "effect": "The connection is tried five times more, then the job fails.",
        "remedy": "Check host, port and the firewall."
      },
      {
        "when": "Login refused, or a key that its passphrase does not open",
        "effect": "The job fails; a key that cannot be read is told before anything is sent.",
        "remedy": "Check `username`, `password`, `privateKey` and `passphrase`."
      },
      {
        "when": "The host key is not the one of `hostKeySha256`",
        "effect": "The job fails before the password is sent.",
        "remedy": "Ask the operator of the server; if the key was changed on purpose, put the new fingerprint in."
      },
      {
        "when": "The folder does not exist",
        "effect": "The job fails.",
        "remedy": "Check `remotePath`; without a slash in front it begins where the server puts the user."
      },
      {
        "when": "The connection is lost while a file is read",
        "effect": "Up to twelve tries without progress go on from there.",
        "remedy": "None, unless the file changed meanwhile: then run the job again."
      }
    ],
    "limits": [
      "One file at a time. Files of any size; 2 GB pass in less than 300 MB of memory.",
      "Folders below the folder are not looked into. Names are UTF-8, times are as fine as a second."
    ],
    "kind": "reader",
    "group": "Readers",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "host": {
          "type": "string",
          "minLength": 1,
          "title": "Host",
          "help": "Name or address of the server.",
          "examples": [
            "sftp.example.com"
          ],
          "source": "doc"
        },
        "port": {
          "default": 22,
          "title": "Port",
          "help": "Port of the server.",
          "source": "doc",
          "type": "integer",
          "minimum": 1,
          "maximum": 65535
        },
        "username": {
          "type": "string",
          "minLength": 1,
          "title": "User name",
          "help": "Whom to log in as.",
          "source": "doc"
        },
        "password": {
          "secret": true,
          "title": "Password",
          "help": "Either this or a private key is needed.",
          "source": "doc",
          "type": "string",
          "minLength": 1
        },
        "privateKey": {
          "secret": true,
          "title": "Private key",
          "help": "The SSH private key, as base64 of its file or as its text. OpenSSH, PEM and PuTTY forms are known.",
          "source": "doc",
          "type": "string",
          "minLength": 1
        },
        "passphrase": {
          "secret": true,
          "title": "Passphrase",
          "help": "Opens the private key.",
          "source": "doc",
          "type": "string",
          "minLength": 1
        },
        "timeout": {
          "default": 60,
          "title": "Timeout",
          "help": "How long to wait for the connection and for each answer of the server.",
          "unit": "seconds",
          "advanced": true,
          "source": "doc",
          "type": "integer",
          "minimum": 10,
          "maximum": 120
        },
        "hostKeySha256": {
          "title": "Host key fingerprint",
          "help": "SHA-256 of the only host key to accept. Without it any key is accepted and its fingerprint is written to the trace.",
          "examples": [
            "SHA256:lhF3jbg1H0eKxAyFdtbvDP6Mw3tCBqLlTGwTCmi7YiM"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string",
          "pattern": "^(?:SHA256:)?(?:[A-Za-z0-9+/]{43}=?|[0-9a-fA-F]{64}|[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){31})$"
        },
        "remotePath": {
          "default": "",
          "title": "Folder",
          "help": "The remote folder to read from; empty is the folder the server puts the user in. Folders below it are not looked into.",
          "examples": [
            "/inbox"
          ],
          "placeholders": true,
          "source": "doc",
          "type": "string"
        },
        "fileNameRegex": {
          "title": "File names",
          "help": "A regular expression that the whole name must match. A plain name such as accounts.json works too.",
          "examples": [
            "accounts_.*\\.csv",
            "accounts.json"
          ],
          "language": "regex",
          "source": "doc",
          "type": "string"
        },
        "sortBy": {
          "default": "time",
          "title": "Order by",
          "help": "What the files are put in order by.",
          "source": "doc",
          "type": "string",
          "enum": [
            "time",
            "name"
          ]
        },
        "sortOrder": {
          "default": "ASC",
          "title": "Order",
          "help": "ASC reads the oldest or the first name first.",
          "source": "doc",
          "type": "string",
          "enum": [
            "ASC",
            "DESC"
          ]
        }
      },
      "required": [
        "host",
        "username"
      ],
      "requireOneOf": [
        [
          "password",
          "privateKey"
        ]
      ]
    },
    "examples": [
      {
        "title": "All CSV files, oldest first",
        "params": {
          "host": "sftp.example.com",
          "username": "etl",
          "password": "its-password",
          "remotePath": "/inbox",
          "fileNameRegex": ".*\\.csv"
        }
      },
      {
        "title": "With a key and a pinned host key",
        "params": {
          "host": "sftp.example.com",
          "username": "etl",
          "privateKey": "LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUgS0VZLS0tLS0K",
          "passphrase": "its-passphrase",
          "hostKeySha256": "SHA256:lhF3jbg1H0eKxAyFdtbvDP6Mw3tCBqLlTGwTCmi7YiM"
        }
      }
    ],
    "connects": true
  },
  {
    "type": "datasource.write.amazon.s3",
    "aliases": [],
    "title": "Write files to Amazon S3",
    "summary": "Uploads files to a folder of a bucket; an object stands under its key only when it is complete.",
    "notes": "- The key is `objectKeyPrefix`, a slash when it lacks its last one, and the name of the file. The name may hold folders of its own (`success/x.json`). A slash at the head of the prefix is left out.\n- A file longer than 16 MiB goes up in parts, three at a time, which nobody sees until the last call joins them; a shorter one goes up in one call. An object of the same key is replaced by then.\n- When an upload fails or the job is stopped, the parts are removed. Should the process be killed or the server not be reachable any more, they stay, unseen but charged: a lifecycle rule of the bucket that removes incomplete uploads after a day tidies them up.\n- Every body is covered by the signature, so a byte that is changed on the way is refused by the server.\n- Without `region` the region is found out from the answer of the server. `endpoint` reaches any other server that speaks the protocol.\n- The user needs the rights `s3:PutObject` and `s3:AbortMultipartUpload`. The test of the connection begins an upload and drops it.",
    "faults": [
      {
        "when": "Wrong accessKey or secretKey (InvalidAccessKeyId, SignatureDoesNotMatch)",
        "effect": "The job fails before anything is written.",
        "remedy": "Check both keys; they belong together."
      },
      {
        "when": "The user lacks a right (AccessDenied)",
        "effect": "The job fails and names the right.",
        "remedy": "Give the user s3:PutObject and s3:AbortMultipartUpload on the objects of the bucket."
      },
      {
        "when": "No such bucket (NoSuchBucket)",
        "effect": "The job fails.",
        "remedy": "Check bucketName and, for another server, endpoint."
      },
      {
        "when": "The bucket is in another region than region says",
        "effect": "The job fails and names the right region.",
        "remedy": "Set region to it, or leave region empty."
      },
      {
        "when": "The server asks for patience (SlowDown, 5xx) or a connection is cut",
        "effect": "That part is sent again, up to six times with growing pauses; then the job fails and the upload is removed.",
        "remedy": "Run the job again; nothing was left under the key."
      },
      {
        "when": "The server cannot be reached, or its certificate has expired",
        "effect": "The job fails and names the cause.",
        "remedy": "Check endpoint, the network, and the certificate."
      },
      {
        "when": "A key is longer than 1024 bytes, or has a part `..`",
        "effect": "The job fails before that file is sent.",
        "remedy": "Change objectKeyPrefix or the name of the file."
      }
    ],
    "limits": [
      "A file whose size is known beforehand may be as long as S3 allows; one whose size is not, for example because it is compressed on the way, 156 GiB (10,000 parts of 16 MiB).",
      "An upload holds at most four parts in memory: 64 MiB for files up to 156 GiB.",
      "Temporary credentials (session tokens), roles, storage classes, tags and server-side encryption by own keys are not supported; the defaults of the bucket hold."
    ],
    "kind": "writer",
    "group": "Writers",
    "input": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "bucketName": {
          "type": "string",
          "minLength": 3,
          "title": "Bucket",
          "help": "Name of the bucket.",
          "examples": [
            "example-exports"
          ],
          "source": "doc"
        },
        "accessKey": {
          "type": "string",
          "minLength": 1,
          "title": "Access key",
          "help": "Access key id of an IAM user.",
          "examples": [
            "AKIAIOSFODNN7EXAMPLE"
          ],
          "source": "doc"
        },
        "secretKey": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Secret key",
          "help": "The secret access key that belongs to the access key.",
          "source": "doc"
        },
        "region": {
          "title": "Region",
          "help": "The region of the bucket. Without it the region is found out by asking the server.",
          "examples": [
            "eu-central-1"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "endpoint": {
          "title": "Endpoint",
          "help": "Address of another server that speaks the S3 protocol. Without it, Amazon’s.",
          "examples": [
            "https://storage.example.com"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string"
        },
        "timeout": {
          "default": 60,
          "title": "Timeout",
          "help": "How long to wait for a connection and for each answer of the server.",
          "unit": "seconds",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 5,
          "maximum": 600
        },
        "objectKeyPrefix": {
          "default": "",
          "title": "Folder",
          "help": "The folder to write to, followed by a slash; empty is the root of the bucket. It needs not exist.",
          "examples": [
            "outbox/",
            "outbox/${now:yyyy}/${now:MM}/"
          ],
          "placeholders": true,
          "source": "doc",
          "type": "string"
        }
      },
      "required": [
        "bucketName",
        "accessKey",
        "secretKey"
      ]
    },
    "examples": [
      {
        "title": "To a folder",
        "params": {
          "bucketName": "example-imports",
          "accessKey": "AKIAIOSFODNN7EXAMPLE",
          "secretKey": "its-secret-key",
          "objectKeyPrefix": "outbox/"
        }
      },
      {
        "title": "A folder for each day",
        "params": {
          "bucketName": "example-imports",
          "accessKey": "AKIAIOSFODNN7EXAMPLE",
          "secretKey": "its-secret-key",
          "objectKeyPrefix": "outbox/${now:yyyy-MM-dd}/",
          "region": "eu-central-1"
        }
      },
      {
        "title": "Another server",
        "params": {
          "bucketName": "example-imports",
          "accessKey": "AKIAIOSFODNN7EXAMPLE",
          "secretKey": "its-secret-key",
          "endpoint": "https://storage.example.com"
        }
      }
    ],
    "delivery": "published-once",
    "connects": true
  },
  {
    "type": "datasource.write.bluekai",
    "aliases": [],
    "title": "Write to BlueKai",
    "summary": "Sends the fields of each record as attributes of a user to Oracle BlueKai’s User Data API.",
    "notes": "Each field but the id becomes a `phint`, `name=value`; nested fields go by their path, lists as one phint for each entry, empty fields are left out. `field.flatten` before it gives the plain names that the original’s template uses.\n\n- The API takes one call for each user; calls are signed with HMAC-SHA256 as Oracle’s help center says (\"Authenticating API calls\"). The bulk API needs an arrangement with Oracle and is not used.\n- `http://api.tags.bluekai.com`, which stored flows name, is called by https: the platform refuses anything else.\n- Oracle announced the end of its advertising products for September 2024. The component serves flows that still have such an endpoint, or one that speaks the same protocol (`domain`).",
    "faults": [
      {
        "when": "The keys are refused (401, 403)",
        "effect": "The job fails.",
        "remedy": "Check bkuid and secretKey in the Web Service Key tool."
      },
      {
        "when": "A record is refused (400)",
        "effect": "It goes to the error path with the platform’s text.",
        "remedy": "Check site id and attributes."
      },
      {
        "when": "The record has no id",
        "effect": "It goes to the error path.",
        "remedy": "Check `uniqueIdField`."
      },
      {
        "when": "Throttled, busy or unreachable",
        "effect": "The call is repeated with growing pauses, or after `Retry-After`.",
        "remedy": "None is needed; lower `maxConnections` when it happens often."
      }
    ],
    "limits": [
      "1,000 calls a second, one for each record.",
      "The attributes of one record may take 8000 bytes of address; larger records go to the error path."
    ],
    "kind": "writer",
    "group": "Writers",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "siteId": {
          "type": "string",
          "minLength": 1,
          "title": "Site id",
          "help": "The BlueKai site (container) the data belongs to.",
          "source": "doc"
        },
        "bkuid": {
          "type": "string",
          "minLength": 1,
          "title": "User key",
          "help": "The web service user key.",
          "source": "doc"
        },
        "secretKey": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Private key",
          "help": "The web service private key; it signs each call.",
          "source": "doc"
        },
        "uniqueIdField": {
          "type": "string",
          "minLength": 1,
          "fieldPath": true,
          "title": "Id",
          "help": "The field with the user’s id, sent as `puserid`.",
          "examples": [
            "UID"
          ],
          "source": "doc"
        },
        "domain": {
          "default": "http://api.tags.bluekai.com",
          "title": "Address",
          "help": "The API host.",
          "source": "obs",
          "type": "string",
          "minLength": 1
        },
        "version": {
          "default": "v1.2",
          "title": "Version",
          "help": "Version of the API.",
          "advanced": true,
          "source": "obs",
          "type": "string",
          "minLength": 1
        },
        "maxConnections": {
          "default": 10,
          "title": "Parallel calls",
          "help": "Calls in flight at the same time.",
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 100
        },
        "timeout": {
          "default": 60,
          "title": "Timeout",
          "help": "How long to wait for an answer.",
          "unit": "seconds",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 600
        }
      },
      "required": [
        "siteId",
        "bkuid",
        "secretKey",
        "uniqueIdField"
      ]
    },
    "examples": [
      {
        "title": "By UID",
        "params": {
          "siteId": "48419",
          "bkuid": "its-user-key",
          "secretKey": "its-private-key",
          "uniqueIdField": "UID"
        }
      }
    ],
    "delivery": "idempotent-by-key",
    "connects": true
  },
  {
    "type": "datasource.write.exacttarget",
    "aliases": [],
    "title": "Write to Salesforce Marketing Cloud",
    "summary": "Inserts and updates rows of a data extension of Marketing Cloud (ExactTarget).",
    "notes": "Field names of a record are the column names of the data extension. The fields named in `primaryKeys` find the row; when there is none, one is inserted. Columns that a record does not have stay as they are.\n\n- **Which call**: the synchronous `hub/v1/dataevents/key:…/rowset`, 50 rows at a time, as its documentation recommends. The asynchronous one takes more rows, but its results do not say which row they mean, so a refusal could not be given back to its record.\n- A rowset is saved whole or not at all. When it is refused it is halved until the rows at fault stand alone; they go to the error path with the code and text of the platform, all others are saved.\n- **Signing in**: with the Authentication Base URI of the package by OAuth 2 (`v2/token`), which also tells the address of the REST API. Without one by the older `v1/requestToken`, as the original did. `authUrl`, `accountId` and `maxConnections` are additions.\n- **Delivery**: the same row written twice leaves the same row.",
    "faults": [
      {
        "when": "Refused credentials (401)",
        "effect": "The job fails.",
        "remedy": "Check client id and secret, and that the address is the Authentication Base URI of the same package."
      },
      {
        "when": "Unknown data extension (10001)",
        "effect": "The job fails.",
        "remedy": "Give the external key, not the name, and the business unit it belongs to."
      },
      {
        "when": "Primary key does not exist (10000)",
        "effect": "The job fails.",
        "remedy": "Name the primary key columns of the data extension."
      },
      {
        "when": "A value does not fit its column (10006)",
        "effect": "That record goes to the error path with the column and the reason.",
        "remedy": "Mend the value or the column."
      },
      {
        "when": "A record without a primary key, or with a list or an object in a field",
        "effect": "That record goes to the error path.",
        "remedy": "Fill or flatten the field in an earlier step."
      },
      {
        "when": "Too many calls (429), busy, connection lost",
        "effect": "The call is repeated, after Retry-After when it is given.",
        "remedy": "None, or fewer parallel calls."
      }
    ],
    "limits": [
      "50 rows and 5 MB in a call.",
      "Rows are not deleted.",
      "The order of calls is not kept when there are several at a time."
    ],
    "kind": "writer",
    "group": "Writers",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "clientId": {
          "type": "string",
          "minLength": 1,
          "title": "Client id",
          "help": "Client id of the installed package (API integration, server to server).",
          "source": "doc"
        },
        "clientSecret": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Client secret",
          "help": "Client secret of the installed package.",
          "source": "doc"
        },
        "dataExtension": {
          "type": "string",
          "minLength": 1,
          "title": "Data extension",
          "help": "External key of the data extension.",
          "examples": [
            "GigyaSubscribers"
          ],
          "source": "doc"
        },
        "primaryKeys": {
          "type": "string",
          "minLength": 1,
          "pattern": "[^\\s,]",
          "title": "Primary keys",
          "help": "Comma separated primary key columns of the data extension. They name the row; all other fields of a record are its values.",
          "examples": [
            "GUID,EMAIL"
          ],
          "source": "doc"
        },
        "authUrl": {
          "default": "https://auth.exacttargetapis.com/v1/requestToken",
          "title": "Authentication address",
          "help": "Authentication Base URI of the installed package. When it is not given, the shared address of packages of the older kind is used.",
          "examples": [
            "https://mc563885gzs27c5t9-63k636ttgm.auth.marketingcloudapis.com/"
          ],
          "formerly": [
            "apiUrl"
          ],
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "accountId": {
          "title": "Business unit",
          "help": "Number (MID) of the business unit; the one that made the package when not given. Not for packages of the older kind.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "pattern": "^\\d+$"
        },
        "maxConnections": {
          "default": 5,
          "title": "Parallel calls",
          "help": "Calls in flight at the same time.",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 20
        }
      },
      "required": [
        "clientId",
        "clientSecret",
        "dataExtension",
        "primaryKeys"
      ]
    },
    "examples": [
      {
        "title": "Subscribers by id and mail address",
        "params": {
          "clientId": "your-client-id",
          "clientSecret": "your-client-secret",
          "dataExtension": "GigyaSubscribers",
          "primaryKeys": "GUID,EMAIL",
          "authUrl": "https://your-subdomain.auth.marketingcloudapis.com/"
        }
      }
    ],
    "delivery": "idempotent-by-key",
    "connects": true
  },
  {
    "type": "datasource.write.external.generic",
    "aliases": [],
    "title": "Write to any API",
    "summary": "Sends records as JSON to an HTTP endpoint, many in a request and many requests at a time.",
    "notes": "An extension: the original promises such a writer, its parameters are not known.\n\n- **Delivery**: at least once. A request that got no answer, or 408, 425, 429 or 5xx, is repeated with growing pauses or after `Retry-After`; the target must bear a record that comes twice.\n- 400, 409, 413 and 422 may be the fault of one record: the request is halved until the records at fault stand alone (at most 2·log2(n)+1 requests for one among n), and only they go to the error path.\n- Any other status that is no success rejects all records of the request, with status and text. 401 and 407 fail the job, redirects too: they are not followed.\n- With `failuresPath` the answer is read and the records it lists go to the error path, the others on.\n- The order in which requests arrive is not kept when there are several at a time.",
    "faults": [
      {
        "when": "The host cannot be reached, 408, 425, 429 or 5xx",
        "effect": "The request is repeated with growing pauses, or after `Retry-After`; when the tries are used up the job fails.",
        "remedy": "Check the address, or set a pace."
      },
      {
        "when": "401 or 407",
        "effect": "The job fails.",
        "remedy": "Check the authentication."
      },
      {
        "when": "400, 409, 413 or 422 for a request of many records",
        "effect": "The records at fault are found by halving and go to the error path, the others are written.",
        "remedy": "Mend the records the error path shows."
      },
      {
        "when": "Another refusal",
        "effect": "All records of the request go to the error path, with status and text.",
        "remedy": "Read the text; check address and body."
      },
      {
        "when": "A redirect",
        "effect": "The job fails and names the target.",
        "remedy": "Give the final address."
      }
    ],
    "limits": [
      "JSON bodies only; no multipart, no XML.",
      "OAuth 2 with client credentials; no grants that need a person at a browser.",
      "Values of records cannot change the host of the address."
    ],
    "kind": "writer",
    "group": "Writers",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "url": {
          "type": "string",
          "minLength": 1,
          "title": "Address",
          "help": "Where the requests go. With a value of the record in its path, such as ${record.UID}, there is one request for each record.",
          "examples": [
            "https://api.example.com/contacts/batch",
            "https://api.example.com/contacts/${record.UID}"
          ],
          "placeholders": "records",
          "formerly": [
            "endpoint"
          ],
          "source": "choice"
        },
        "method": {
          "default": "POST",
          "title": "Method",
          "help": "The HTTP method.",
          "source": "choice",
          "type": "string",
          "enum": [
            "POST",
            "PUT",
            "PATCH",
            "DELETE"
          ]
        },
        "authentication": {
          "title": "Authentication",
          "help": "How the requests prove who sends them.",
          "source": "choice",
          "type": "object",
          "properties": {
            "type": {
              "default": "none",
              "title": "Kind",
              "help": "`basic`: user name and password; `bearer`: a token; `apiKey`: a key in a header of its own; `oauth2`: a token fetched with client id and secret (client credentials) and renewed when it ends.",
              "source": "choice",
              "type": "string",
              "enum": [
                "none",
                "basic",
                "bearer",
                "apiKey",
                "oauth2"
              ]
            },
            "username": {
              "title": "User name",
              "help": "For `basic`.",
              "source": "choice",
              "type": "string"
            },
            "password": {
              "secret": true,
              "title": "Password",
              "help": "For `basic`.",
              "source": "choice",
              "type": "string",
              "minLength": 1
            },
            "token": {
              "secret": true,
              "title": "Token or key",
              "help": "For `bearer` and `apiKey`.",
              "source": "choice",
              "type": "string",
              "minLength": 1
            },
            "headerName": {
              "default": "X-API-Key",
              "title": "Header",
              "help": "For `apiKey`: the header the key is sent in.",
              "advanced": true,
              "source": "choice",
              "type": "string"
            },
            "tokenUrl": {
              "title": "Token address",
              "help": "For `oauth2`: where tokens are issued.",
              "examples": [
                "https://login.example.com/oauth2/token"
              ],
              "source": "choice",
              "type": "string"
            },
            "clientId": {
              "title": "Client id",
              "help": "For `oauth2`.",
              "source": "choice",
              "type": "string"
            },
            "clientSecret": {
              "secret": true,
              "title": "Client secret",
              "help": "For `oauth2`.",
              "source": "choice",
              "type": "string",
              "minLength": 1
            },
            "scope": {
              "title": "Scope",
              "help": "For `oauth2`: what the token is asked for, where the issuer wants it told.",
              "advanced": true,
              "source": "choice",
              "type": "string"
            }
          }
        },
        "headers": {
          "default": [],
          "title": "Headers",
          "help": "Further headers of each request. Keys and tokens belong into the authentication, which is kept secret.",
          "source": "choice",
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "name": {
                "type": "string",
                "pattern": "^[!#$%&'*+\\-.^_`|~0-9A-Za-z]+$",
                "title": "Name",
                "help": "Name of the header."
              },
              "value": {
                "type": "string",
                "pattern": "^[\\t\\x20-\\x7e\\x80-\\xff]*$",
                "title": "Value",
                "help": "Sent as it is; no secrets here."
              }
            },
            "required": [
              "name",
              "value"
            ]
          }
        },
        "bodyFormat": {
          "default": "array",
          "title": "Body",
          "help": "`array`: a JSON array of records; `lines`: one JSON record a line (NDJSON); `single`: one record as the whole body, so one request for each.",
          "source": "choice",
          "type": "string",
          "enum": [
            "array",
            "lines",
            "single"
          ]
        },
        "body": {
          "title": "Body template",
          "help": "JSON in place of `bodyFormat`: `${records}` is the list of records, `${records.email}` the list of one value; with `${record}` or `${record.profile.email}` there is one request for each record.",
          "examples": [
            "{\"source\": \"identity\", \"contacts\": ${records}}"
          ],
          "placeholders": "records",
          "source": "choice",
          "type": "string"
        },
        "batchSize": {
          "default": 256,
          "title": "Records in a request",
          "help": "At most so many; `single` sends one.",
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 100000
        },
        "maxConnections": {
          "default": 10,
          "title": "Parallel requests",
          "help": "Requests in flight at the same time.",
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 100
        },
        "successStatus": {
          "default": [],
          "title": "Success status",
          "help": "HTTP status codes that mean success; none given: 200 to 299.",
          "advanced": true,
          "source": "choice",
          "type": "array",
          "items": {
            "type": "integer",
            "minimum": 100,
            "maximum": 599
          }
        },
        "successTest": {
          "title": "Success test",
          "help": "A JEXL expression over `status` (HTTP status), `headers` (names in lower case) and `body` (the JSON answer); an answer for which it is not true is a failure. Without it 200 to 299 is a success.",
          "examples": [
            "status eq 200 and body.success eq true"
          ],
          "language": "jexl",
          "advanced": true,
          "source": "choice",
          "type": "string"
        },
        "callsPerSecond": {
          "title": "Pace",
          "help": "At most so many requests a second.",
          "advanced": true,
          "source": "choice",
          "type": "number",
          "exclusiveMinimum": 0,
          "maximum": 10000
        },
        "failuresPath": {
          "title": "Refused records",
          "help": "Path in a successful JSON answer of the list of records that were refused, e.g. `failed` for {\"failed\": [{\"id\": \"7\", \"code\": 400}]}; a dot when the answer itself is that list.",
          "source": "choice",
          "type": "string"
        },
        "failureKey": {
          "title": "Key in the list",
          "help": "Field of an entry of that list that names the record; without it the name of the key in the record, else `id`.",
          "source": "choice",
          "type": "string"
        },
        "recordKey": {
          "title": "Key in the record",
          "help": "Field of the record with the same value; the same name when not given.",
          "fieldPath": true,
          "source": "choice",
          "type": "string"
        },
        "failureCode": {
          "default": "code",
          "title": "Code in the list",
          "help": "Field of an entry with the error code.",
          "advanced": true,
          "source": "choice",
          "type": "string"
        },
        "failureMessage": {
          "default": "message",
          "title": "Text in the list",
          "help": "Field of an entry with the error text.",
          "advanced": true,
          "source": "choice",
          "type": "string"
        },
        "addResponse": {
          "default": false,
          "title": "Add the answer",
          "help": "Adds the answer of the request to each of its records as `_response`.",
          "source": "choice",
          "type": "boolean"
        },
        "timeout": {
          "default": 60,
          "title": "Timeout",
          "help": "How long to wait for an answer.",
          "unit": "seconds",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 600
        }
      },
      "required": [
        "url"
      ]
    },
    "examples": [
      {
        "title": "Batches of 1000 with a bearer token; the answer lists what it refused",
        "params": {
          "url": "https://api.example.com/contacts/batch",
          "authentication": {
            "type": "bearer",
            "token": "its-token"
          },
          "batchSize": 1000,
          "failuresPath": "failed",
          "failureKey": "UID"
        }
      },
      {
        "title": "One request for each record, the answer kept",
        "params": {
          "url": "https://api.example.com/contacts",
          "method": "PUT",
          "bodyFormat": "single",
          "addResponse": true,
          "headers": [
            {
              "name": "X-Source",
              "value": "identity"
            }
          ]
        }
      }
    ],
    "delivery": "at-least-once",
    "connects": true
  },
  {
    "type": "datasource.write.ftp",
    "aliases": [],
    "title": "Write files to FTP",
    "summary": "Uploads files to a folder on an FTP or FTPS server; a file stands under its name only when it is complete.",
    "notes": "- A file is uploaded under a temporary name in the same folder and renamed when the server has all of it: `name.uploading` with `temporaryUploadExtension`, else the hidden `.name.<job id>.uploading`. So the user needs the right to rename.\n- Before renaming, the size on the server is compared with the bytes sent, where the server knows SIZE.\n- A file of the same name is replaced: in one act where the server renames over files, else by removing the old file just before.\n- A folder that does not exist is made, with those above it; the trace says so.\n- `security` is a choice of this product: plain FTP unless it says `explicit` (RFC 4217) or `implicit`. The certificate must be valid for the host, be signed by `certificateAuthority`, or be the one of `certificateSha256`.\n- FTP knows no private keys: `password` is the only credential, and `anonymous` needs none.\n- A connection that was lost between two files is opened again. One that is lost during an upload fails the job, because the bytes come once; the temporary file is removed as far as the server lets one in again.\n- **Delivery**: files go up one after the other in the order they come, and a failure stops the rest.",
    "faults": [
      {
        "when": "The server cannot be reached",
        "effect": "The connection is tried five times more, then the job fails.",
        "remedy": "Check host, port and the firewall; implicit TLS has port 990."
      },
      {
        "when": "Login refused (530)",
        "effect": "The job fails.",
        "remedy": "Check user name and password. Some servers let users in only with encryption: try `explicit`."
      },
      {
        "when": "The certificate is self-signed, expired or for another host",
        "effect": "The job fails before the password is sent.",
        "remedy": "Have it renewed, or put its authority into `certificateAuthority` or its fingerprint into `certificateSha256`."
      },
      {
        "when": "No right to write, or the disk is full (550, 553, 452, 552, 451)",
        "effect": "The temporary file is removed and the job fails.",
        "remedy": "Have the rights or the space of the user extended."
      },
      {
        "when": "The connection is lost during an upload",
        "effect": "The temporary file is removed and the job fails.",
        "remedy": "Run the job again; nothing stands under the final name."
      }
    ],
    "limits": [
      "One file at a time. Files of any size; 2 GB pass in less than 300 MB of memory.",
      "Names are UTF-8, without slashes and control characters. Active mode, proxies, ASCII transfers and client certificates are not offered.",
      "On a server that does not rename over files, no file stands under the name for a moment."
    ],
    "kind": "writer",
    "group": "Writers",
    "input": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "host": {
          "type": "string",
          "minLength": 1,
          "title": "Host",
          "help": "Name or address of the server.",
          "examples": [
            "ftp.example.com"
          ],
          "source": "doc"
        },
        "port": {
          "title": "Port",
          "help": "Port of the server; 21 when not given, with implicit TLS 990.",
          "examples": [
            21,
            990
          ],
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 65535
        },
        "username": {
          "type": "string",
          "minLength": 1,
          "title": "User name",
          "help": "Whom to log in as.",
          "examples": [
            "etl",
            "anonymous"
          ],
          "source": "doc"
        },
        "password": {
          "secret": true,
          "title": "Password",
          "help": "Not needed for anonymous servers.",
          "source": "doc",
          "type": "string",
          "minLength": 1
        },
        "security": {
          "default": "none",
          "title": "Encryption",
          "help": "explicit: FTPS, encrypted after AUTH TLS; implicit: FTPS, encrypted from the first byte; none: plain FTP, which shows password and files to everybody on the way.",
          "source": "choice",
          "type": "string",
          "enum": [
            "none",
            "explicit",
            "implicit"
          ]
        },
        "timeout": {
          "default": 60,
          "title": "Timeout",
          "help": "How long to wait for the connection and for each answer of the server.",
          "unit": "seconds",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 10,
          "maximum": 120
        },
        "certificateAuthority": {
          "title": "Certificate authority",
          "help": "PEM text (or base64 of it) of the authority that signed the certificate of the server, or of a self-signed certificate itself. The well-known authorities are known anyway.",
          "advanced": true,
          "source": "choice",
          "type": "string"
        },
        "certificateSha256": {
          "title": "Certificate fingerprint",
          "help": "SHA-256 of the only certificate to accept, whoever signed it, as openssl x509 -fingerprint -sha256 prints it.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "pattern": "^(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){31})$"
        },
        "remotePath": {
          "default": "",
          "title": "Folder",
          "help": "The remote folder to write to; empty is the folder the server puts the user in. It is made when it is missing.",
          "examples": [
            "/outbox",
            "/outbox/${now:yyyy}/${now:MM}"
          ],
          "placeholders": true,
          "source": "inf",
          "type": "string"
        },
        "temporaryUploadExtension": {
          "default": false,
          "title": "Upload as .uploading",
          "help": "While it is uploaded, the file is called like its final name with .uploading behind it. Otherwise it has a hidden name of its own.",
          "advanced": true,
          "source": "inf",
          "type": "boolean"
        }
      },
      "required": [
        "host",
        "username"
      ]
    },
    "examples": [
      {
        "title": "Over FTPS",
        "params": {
          "host": "ftp.example.com",
          "username": "etl",
          "password": "its-password",
          "security": "explicit",
          "remotePath": "/outbox"
        }
      },
      {
        "title": "Implicit TLS with a pinned certificate",
        "params": {
          "host": "ftp.example.com",
          "username": "etl",
          "password": "its-password",
          "security": "implicit",
          "certificateSha256": "5E:88:48:98:DA:28:04:71:51:D0:E5:6F:8D:C6:29:27:73:60:3D:0D:6A:AB:BD:D6:2A:11:EF:72:1D:15:42:D8",
          "temporaryUploadExtension": true
        }
      }
    ],
    "delivery": "published-once",
    "connects": true
  },
  {
    "type": "datasource.write.gigya.account",
    "aliases": [],
    "title": "Write accounts",
    "summary": "Updates one account for each record; the record’s fields become parameters of accounts.setAccountInfo.",
    "notes": "The account is named by `UID` (or `uid`), or by `regToken`. Fields that are not sent stay as they are; `null` removes a value. It does not create accounts.\n\n- Names with dots nest: `profile.email` becomes `{\"profile\": {\"email\": …}}`.\n- Names of parameters are matched without regard to case (`UID`, `uid`); fields the platform does not know are refused or stored by its own rules. Fields called like the credentials of a call (`apiKey`, `userKey`, `secret`, `sig` …) are not sent.\n- Answers that say \"partly done\" (200008 to 200010, 206001 to 206003) count as written.\n- A refused account goes to the error path with the platform’s code and text. When the platform says that there are too many calls, all of the step wait their turn, up to two minutes each. Busy answers and server errors are repeated; an account that still gets one after that goes to the error path.\n- **Delivery**: the same record written twice leaves the same account. Two records of one account in one job may be written in either order.",
    "faults": [
      {
        "when": "The user key, its secret or its private key is refused (403003, 403007, 403010, 403036 …)",
        "effect": "The job fails and names site and user key, never the secret.",
        "remedy": "Check API key, user key and secret of the site, and that the key may call the method."
      },
      {
        "when": "Too many calls a second (403048)",
        "effect": "All calls of the step wait their turn with growing pauses, up to two minutes each.",
        "remedy": "Lower the parallel calls, or ask for a higher limit."
      },
      {
        "when": "The platform is busy or fails (409030, 500001, 503001, 504001 …), or a connection breaks",
        "effect": "The call is repeated with growing pauses.",
        "remedy": "None needed for a short while; after that look at the platform’s status page."
      },
      {
        "when": "The site lives in another data centre (301001)",
        "effect": "Calls go where the platform says; one call is lost on it.",
        "remedy": "Set the data centre of the site."
      },
      {
        "when": "The data centre’s host does not exist, does not answer, or is not allowed by the operator",
        "effect": "The job fails and names the host.",
        "remedy": "Check the data centre, the network and the operator’s list of allowed addresses."
      },
      {
        "when": "The clock of this machine is wrong (403002)",
        "effect": "Calls are signed by the platform’s clock from then on.",
        "remedy": "Set the clock."
      },
      {
        "when": "The platform refuses a record (400009 with its fields, 400003, 403043, 404003 …)",
        "effect": "The record goes to the error path with the platform’s code and text.",
        "remedy": "Mend the record and feed it in again."
      },
      {
        "when": "A record meets a busy answer or a server error each time it is tried",
        "effect": "It goes to the error path once the tries are used up; the job goes on.",
        "remedy": "Feed it in again later."
      },
      {
        "when": "No account has the UID (403005 or 404003)",
        "effect": "The record goes to the error path.",
        "remedy": "To create accounts use datasource.write.gigya.importaccount."
      }
    ],
    "limits": [
      "One call for each record.",
      "The platform refuses more than five calls at a time for one account (409030); such calls are repeated.",
      "It does not create accounts."
    ],
    "kind": "writer",
    "group": "Writers",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "maxConnections": {
          "default": 10,
          "title": "Parallel calls",
          "help": "Accounts written at the same time.",
          "source": "obs",
          "type": "integer",
          "minimum": 1,
          "maximum": 100
        },
        "addResponse": {
          "default": false,
          "title": "Add the answer",
          "help": "Adds the platform’s answer to the record as `_response`, on refusals too.",
          "source": "doc",
          "type": "boolean"
        },
        "apiKey": {
          "title": "API key of another site",
          "help": "Talk to this site in place of the one that owns the dataflow, as in copies from site to site. Needs user key and secret too.",
          "advanced": true,
          "source": "doc",
          "type": "string"
        },
        "userKey": {
          "title": "User key",
          "help": "The application or user key for the other site.",
          "advanced": true,
          "source": "doc",
          "type": "string"
        },
        "secret": {
          "secret": true,
          "title": "Secret",
          "help": "The secret of that key, base64 as the console shows it.",
          "advanced": true,
          "source": "doc",
          "type": "string",
          "minLength": 1
        },
        "privateKey": {
          "secret": true,
          "title": "Private key",
          "help": "RSA key (PKCS#8) of the user key: calls carry a signed token in place of a signature with the secret.",
          "advanced": true,
          "source": "obs",
          "type": "string",
          "minLength": 1
        },
        "signWith": {
          "default": "signature",
          "title": "Prove calls by",
          "help": "`signature`: each call is signed with the secret, which is not sent. `secret`: user key and secret are sent as they are, over HTTPS only. A private key, where there is one, is used instead of either.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "enum": [
            "signature",
            "secret"
          ]
        },
        "apiDomain": {
          "title": "Data centre",
          "help": "Host of the data centre of the other site. Without it the one of the dataflow’s own site is asked first; the platform then says where the site lives.",
          "examples": [
            "us1.gigya.com",
            "eu1.gigya.com",
            "au1.gigya.com"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string"
        }
      }
    },
    "examples": [
      {
        "title": "Ten accounts at a time",
        "params": {
          "maxConnections": 10
        }
      },
      {
        "title": "Keep the answers for a report",
        "params": {
          "addResponse": true
        }
      }
    ],
    "delivery": "idempotent-by-key",
    "connects": true
  },
  {
    "type": "datasource.write.local",
    "aliases": [],
    "title": "Write local files",
    "summary": "Writes files into a folder on the machine that runs the dataflow.",
    "notes": "On a server, only folders that its operator allows can be written to; from the command line any folder, and relative paths begin at the current one.\n\n- A folder that does not exist is made. A file of the same name is replaced.\n- **Delivery**: a file is written under a hidden name ending in `.uploading`, flushed to disk and renamed when it is complete, so nobody sees half a file. After a failure or a stop nothing is left of it.\n- A name with a path in it is refused.",
    "kind": "writer",
    "group": "Writers",
    "input": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "path": {
          "type": "string",
          "minLength": 1,
          "title": "Folder",
          "help": "Where the files are written.",
          "examples": [
            "/data/outbox"
          ],
          "placeholders": true,
          "source": "choice"
        }
      },
      "required": [
        "path"
      ]
    },
    "examples": [
      {
        "title": "Into a folder",
        "params": {
          "path": "/data/outbox"
        }
      }
    ],
    "delivery": "published-once",
    "connects": false
  },
  {
    "type": "datasource.write.sftp",
    "aliases": [],
    "title": "Write files to SFTP",
    "summary": "Uploads files to a folder on an SFTP server; a file stands under its name only when it is complete.",
    "notes": "- A file is uploaded under a temporary name in the same folder and renamed when the server has all of it: `name.uploading` with `temporaryUploadExtension`, else the hidden `.name.<job id>.uploading`. So the user needs the right to rename.\n- A file of the same name is replaced: in one act where the server knows `posix-rename@openssh.com`, else by removing the old file just before.\n- A folder that does not exist is made, with those above it; the trace says so.\n- When an upload fails the temporary file is removed, as far as the server still lets one in.\n- A connection that was lost between two files is opened again, to the same host key only. One that is lost during an upload fails the job, because the bytes come once.\n- **Delivery**: files go up one after the other in the order they come, and a failure stops the rest.\n- `hostKeySha256` pins the host key. Without it any key is accepted, and its fingerprint stands in the trace.",
    "faults": [
      {
        "when": "The server cannot be reached",
        "effect": "The connection is tried five times more, then the job fails.",
        "remedy": "Check host, port and the firewall."
      },
      {
        "when": "Login refused, or a key that its passphrase does not open",
        "effect": "The job fails; a key that cannot be read is told before anything is sent.",
        "remedy": "Check `username`, `password`, `privateKey` and `passphrase`."
      },
      {
        "when": "The host key is not the one of `hostKeySha256`",
        "effect": "The job fails before the password is sent.",
        "remedy": "Ask the operator of the server; if the key was changed on purpose, put the new fingerprint in."
      },
      {
        "when": "No right to write or to rename, or the disk is full",
        "effect": "The temporary file is removed and the job fails.",
        "remedy": "Have the rights or the space of the user extended."
      },
      {
        "when": "The connection is lost during an upload",
        "effect": "The temporary file is removed and the job fails.",
        "remedy": "Run the job again; nothing stands under the final name."
      }
    ],
    "limits": [
      "One file at a time. Files of any size; 2 GB pass in less than 300 MB of memory.",
      "Names are UTF-8, without slashes and control characters.",
      "On a server without `posix-rename@openssh.com`, no file stands under the name for a moment while it is replaced."
    ],
    "kind": "writer",
    "group": "Writers",
    "input": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "host": {
          "type": "string",
          "minLength": 1,
          "title": "Host",
          "help": "Name or address of the server.",
          "examples": [
            "sftp.example.com"
          ],
          "source": "doc"
        },
        "port": {
          "default": 22,
          "title": "Port",
          "help": "Port of the server.",
          "source": "doc",
          "type": "integer",
          "minimum": 1,
          "maximum": 65535
        },
        "username": {
          "type": "string",
          "minLength": 1,
          "title": "User name",
          "help": "Whom to log in as.",
          "source": "doc"
        },
        "password": {
          "secret": true,
          "title": "Password",
          "help": "Either this or a private key is needed.",
          "source": "doc",
          "type": "string",
          "minLength": 1
        },
        "privateKey": {
          "secret": true,
          "title": "Private key",
          "help": "The SSH private key, as base64 of its file or as its text. OpenSSH, PEM and PuTTY forms are known.",
          "source": "doc",
          "type": "string",
          "minLength": 1
        },
        "passphrase": {
          "secret": true,
          "title": "Passphrase",
          "help": "Opens the private key.",
          "source": "doc",
          "type": "string",
          "minLength": 1
        },
        "timeout": {
          "default": 60,
          "title": "Timeout",
          "help": "How long to wait for the connection and for each answer of the server.",
          "unit": "seconds",
          "advanced": true,
          "source": "doc",
          "type": "integer",
          "minimum": 10,
          "maximum": 120
        },
        "hostKeySha256": {
          "title": "Host key fingerprint",
          "help": "SHA-256 of the only host key to accept. Without it any key is accepted and its fingerprint is written to the trace.",
          "examples": [
            "SHA256:lhF3jbg1H0eKxAyFdtbvDP6Mw3tCBqLlTGwTCmi7YiM"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string",
          "pattern": "^(?:SHA256:)?(?:[A-Za-z0-9+/]{43}=?|[0-9a-fA-F]{64}|[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){31})$"
        },
        "remotePath": {
          "default": "",
          "title": "Folder",
          "help": "The remote folder to write to; empty is the folder the server puts the user in. It is made when it is missing.",
          "examples": [
            "/outbox",
            "/outbox/${now:yyyy}/${now:MM}"
          ],
          "placeholders": true,
          "source": "doc",
          "type": "string"
        },
        "temporaryUploadExtension": {
          "default": false,
          "title": "Upload as .uploading",
          "help": "While it is uploaded, the file is called like its final name with .uploading behind it. Otherwise it has a hidden name of its own.",
          "advanced": true,
          "source": "doc",
          "type": "boolean"
        }
      },
      "required": [
        "host",
        "username"
      ],
      "requireOneOf": [
        [
          "password",
          "privateKey"
        ]
      ]
    },
    "examples": [
      {
        "title": "To a folder",
        "params": {
          "host": "sftp.example.com",
          "username": "etl",
          "password": "its-password",
          "remotePath": "/outbox"
        }
      },
      {
        "title": "A folder for each day, visible name while uploading",
        "params": {
          "host": "sftp.example.com",
          "username": "etl",
          "password": "its-password",
          "remotePath": "/outbox/${now:yyyy-MM-dd}",
          "temporaryUploadExtension": true
        }
      }
    ],
    "delivery": "published-once",
    "connects": true
  },
  {
    "type": "field.add",
    "aliases": [],
    "title": "Add fields",
    "summary": "Adds fields with constant values or placeholders.",
    "notes": "A field that is there already gets the new value. Placeholders are filled once, when the job starts; other text with a dollar sign and braces stays as it is.\n\nWhen a value that is no object stands in the way of a path, the record fails and keeps all its fields.",
    "kind": "record-transformer",
    "group": "Transformers",
    "subgroup": "field",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "fields": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "field": {
                "type": "string",
                "minLength": 1,
                "fieldPath": true,
                "title": "Field",
                "help": "Where the value goes. A dot builds objects; 'a.b' in apostrophes is one name.",
                "source": "obs"
              },
              "value": {
                "default": "",
                "title": "Value",
                "help": "A constant. Text may hold placeholders, such as ${jobId} or ${now:yyyy-MM-dd}.",
                "placeholders": true,
                "examples": [
                  "true",
                  "${jobId}"
                ],
                "source": "obs",
                "type": [
                  "string",
                  "number",
                  "boolean",
                  "null"
                ]
              }
            },
            "required": [
              "field"
            ]
          },
          "title": "Fields",
          "help": "Each field to add, with its value.",
          "source": "obs"
        }
      },
      "required": [
        "fields"
      ]
    },
    "examples": [
      {
        "title": "A mark and a nested field",
        "params": {
          "fields": [
            {
              "field": "deletedUser",
              "value": "true"
            },
            {
              "field": "data.origin",
              "value": "import"
            }
          ]
        },
        "input": [
          {
            "UID": "u1",
            "data": {
              "score": 2
            }
          },
          {
            "UID": "u2"
          }
        ],
        "output": [
          {
            "UID": "u1",
            "data": {
              "score": 2,
              "origin": "import"
            },
            "deletedUser": "true"
          },
          {
            "UID": "u2",
            "deletedUser": "true",
            "data": {
              "origin": "import"
            }
          }
        ]
      }
    ],
    "connects": false
  },
  {
    "type": "field.evaluate",
    "aliases": [],
    "title": "Evaluate expressions",
    "summary": "Sets fields from expressions over the record's fields.",
    "notes": "Expressions are those of Apache Commons JEXL: `eq ne lt gt le ge and or not` or their signs, `? :`, `?:`, `??`, `empty`, `size`, `=~`, arithmetic, and the methods of Java texts such as `.toLowerCase()`.\n\nA field the record does not have is null. `data.subscribed` is the field of that name or the nested one, and `data_subscribed` stands for it too. A name with blanks is written `Custom\\ Field\\ 1`.\n\n`eq` compares across types: `Subscribed eq 'true'` holds for the text and for the boolean. `+` joins texts as soon as one side is a text, and null joins as nothing.\n\nEntries are applied in order; a later one sees the results of those before it. When a value cannot be computed with, the record fails and keeps all its fields.",
    "kind": "record-transformer",
    "group": "Transformers",
    "subgroup": "field",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "fields": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "field": {
                "type": "string",
                "minLength": 1,
                "fieldPath": true,
                "title": "Field",
                "help": "Where the result goes; an existing field is replaced.",
                "source": "doc"
              },
              "expression": {
                "type": "string",
                "minLength": 1,
                "title": "Expression",
                "help": "A JEXL expression over the record's fields. Unknown fields are null.",
                "language": "jexl",
                "examples": [
                  "status eq 'subscribed' ? true : false",
                  "firstName + ' ' + lastName"
                ],
                "source": "doc"
              }
            },
            "required": [
              "field",
              "expression"
            ]
          },
          "title": "Fields",
          "help": "Each field to set, with its expression.",
          "source": "doc"
        },
        "language": {
          "default": "jexl",
          "title": "Language",
          "help": "The language of the expressions.",
          "source": "doc",
          "type": "string",
          "enum": [
            "jexl"
          ]
        }
      },
      "required": [
        "fields"
      ]
    },
    "examples": [
      {
        "title": "Words for a flag, and a full name",
        "params": {
          "language": "jexl",
          "fields": [
            {
              "field": "Newsletter",
              "expression": "Subscribed eq 'true' ? 'Yes' : 'No'"
            },
            {
              "field": "profile.name",
              "expression": "profile.firstName + ' ' + profile.lastName"
            }
          ]
        },
        "input": [
          {
            "Subscribed": true,
            "profile": {
              "firstName": "Ann",
              "lastName": "Berg"
            }
          }
        ],
        "output": [
          {
            "Subscribed": true,
            "profile": {
              "firstName": "Ann",
              "lastName": "Berg",
              "name": "Ann Berg"
            },
            "Newsletter": "Yes"
          }
        ]
      },
      {
        "title": "A text that is no number fails the record",
        "params": {
          "fields": [
            {
              "field": "next",
              "expression": "age * 2"
            }
          ]
        },
        "input": [
          {
            "age": "20"
          },
          {
            "age": "old"
          }
        ],
        "output": [
          {
            "age": "20",
            "next": 40
          }
        ],
        "errors": [
          {
            "age": "old",
            "_errorDetails": {
              "errorCode": 400011,
              "errorMessage": "Field next cannot be computed: * needs numbers, but was given \"old\"."
            }
          }
        ]
      }
    ],
    "connects": false
  },
  {
    "type": "field.remove",
    "aliases": [],
    "title": "Remove fields",
    "summary": "Removes fields or whole objects.",
    "notes": "A field that a record does not have is no error. An object that becomes empty stays.",
    "kind": "record-transformer",
    "group": "Transformers",
    "subgroup": "field",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "fields": {
          "type": "array",
          "items": {
            "type": "string",
            "minLength": 1,
            "fieldPath": true
          },
          "title": "Fields",
          "help": "Paths of the fields to remove, such as profile.email or profile.",
          "fieldPath": true,
          "source": "doc"
        }
      },
      "required": [
        "fields"
      ]
    },
    "examples": [
      {
        "title": "A whole object and one nested field",
        "params": {
          "fields": [
            "profile",
            "data.internal"
          ]
        },
        "input": [
          {
            "UID": "u1",
            "profile": {
              "email": "ann@example.com"
            },
            "data": {
              "internal": 1,
              "score": 2
            }
          }
        ],
        "output": [
          {
            "UID": "u1",
            "data": {
              "score": 2
            }
          }
        ]
      },
      {
        "title": "A column whose name holds a dot",
        "params": {
          "fields": [
            "profile.email"
          ]
        },
        "input": [
          {
            "UID": "u1",
            "profile.email": "ann@example.com"
          }
        ],
        "output": [
          {
            "UID": "u1"
          }
        ]
      }
    ],
    "connects": false
  },
  {
    "type": "field.rename",
    "aliases": [],
    "title": "Rename fields",
    "summary": "Moves values from one field path to another.",
    "notes": "Entries are applied in order. A record without the source field stays as it is, and a field that stood under the target name is replaced.\n\nA top-level field keeps its place under its new name, so the columns of a file keep their order. A value that comes out of an object, or goes into one, stands last.\n\nAn object that becomes empty stays: rename `profile.email`, then remove `profile` with field.remove.\n\nWhen a value that is no object stands in the way of the target, the record fails and keeps all its fields.",
    "kind": "record-transformer",
    "group": "Transformers",
    "subgroup": "field",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "fields": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "sourceField": {
                "type": "string",
                "minLength": 1,
                "fieldPath": true,
                "title": "Source field",
                "help": "The field as it is called now, such as profile.email.",
                "source": "doc"
              },
              "targetField": {
                "type": "string",
                "minLength": 1,
                "fieldPath": true,
                "title": "Target field",
                "help": "Its new name. A dot builds objects: profile.email. In apostrophes the whole is one name: 'profile.email'.",
                "source": "doc"
              }
            },
            "required": [
              "sourceField",
              "targetField"
            ]
          },
          "title": "Fields",
          "help": "Each field to rename, with its new name.",
          "source": "doc"
        }
      },
      "required": [
        "fields"
      ]
    },
    "examples": [
      {
        "title": "Out of the profile; the emptied object stays",
        "params": {
          "fields": [
            {
              "sourceField": "profile.email",
              "targetField": "EMAIL"
            }
          ]
        },
        "input": [
          {
            "UID": "u1",
            "profile": {
              "email": "ann@example.com"
            }
          },
          {
            "UID": "u2"
          }
        ],
        "output": [
          {
            "UID": "u1",
            "profile": {},
            "EMAIL": "ann@example.com"
          },
          {
            "UID": "u2"
          }
        ]
      },
      {
        "title": "Into objects, and to one name with a dot",
        "params": {
          "fields": [
            {
              "sourceField": "Email",
              "targetField": "profile.email"
            },
            {
              "sourceField": "Sex",
              "targetField": "'profile.gender'"
            }
          ]
        },
        "input": [
          {
            "Email": "ann@example.com",
            "Sex": "f",
            "City": "Bonn"
          }
        ],
        "output": [
          {
            "profile.gender": "f",
            "City": "Bonn",
            "profile": {
              "email": "ann@example.com"
            }
          }
        ]
      },
      {
        "title": "A value in the way fails the record",
        "params": {
          "fields": [
            {
              "sourceField": "Email",
              "targetField": "profile.email"
            }
          ]
        },
        "input": [
          {
            "Email": "ann@example.com",
            "profile": "gold"
          }
        ],
        "output": [],
        "errors": [
          {
            "Email": "ann@example.com",
            "profile": "gold",
            "_errorDetails": {
              "errorCode": 400009,
              "errorMessage": "Field profile.email cannot be set: profile holds a string. Write to another field, or remove profile first."
            }
          }
        ]
      }
    ],
    "connects": false
  },
  {
    "type": "file.compress.gzip",
    "aliases": [],
    "title": "Compress with gzip",
    "summary": "Compresses each file with gzip and adds .gz to its name.",
    "notes": "Compression runs beside the other steps, on a second processor core where there is one.",
    "limits": [
      "Files of any size; the size of the original is kept modulo 4 GB only, which is how gzip does it."
    ],
    "kind": "file-transformer",
    "group": "Transformers",
    "subgroup": "file",
    "input": "files",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "level": {
          "default": 6,
          "title": "Level",
          "help": "1 is fastest, 9 makes the smallest files.",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 9
        }
      }
    },
    "examples": [
      {
        "title": "Fast compression",
        "params": {
          "level": 1
        }
      }
    ],
    "connects": false
  },
  {
    "type": "file.compress.lzo",
    "aliases": [],
    "title": "Compress with LZO",
    "summary": "Compresses each file with LZO, as lzop and Hadoop read it, and adds .lzo to its name.",
    "notes": "Fast rather than small: about a quarter larger than gzip. Asked for by Krux (Salesforce DMP) and other systems on Hadoop.\n\n- The format is that of `lzop`: LZO1X-1, blocks of 256 KB, each with the Adler-32 sum of its data. `lzop -d` and Hadoop’s LzopCodec read it.\n- With `createIndexFile` a second file follows, `name.lzo.index`: the position of each block, 8 bytes each, most significant first, as the indexer of hadoop-lzo makes it. Hadoop needs it to split the file among machines.\n- The header keeps the name of the file and its time, which is the start of the job when the file has none.",
    "limits": [
      "Runs on the thread that moves the records, at about 90 MB/s.",
      "There are no levels: always LZO1X-1, which is what `lzop -3` uses."
    ],
    "kind": "file-transformer",
    "group": "Transformers",
    "subgroup": "file",
    "input": "files",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "createIndexFile": {
          "default": false,
          "title": "Create index file",
          "help": "Makes a second file, name.lzo.index, by which Hadoop splits the first.",
          "source": "obs",
          "type": "boolean"
        }
      }
    },
    "examples": [
      {
        "title": "The file alone",
        "params": {}
      },
      {
        "title": "With the index for Hadoop",
        "params": {
          "createIndexFile": true
        }
      }
    ],
    "connects": false
  },
  {
    "type": "file.compress.zip",
    "aliases": [],
    "title": "Compress with zip",
    "summary": "Puts each file into a zip archive of its own and adds .zip to its name.",
    "notes": "One archive for each file, with that file as its one entry. Files of any size; the zip64 form is used where it is needed.\n\n- Without a password every unzip program reads it. With one the entry is encrypted with AES-256 as WinZip, 7-Zip, macOS’s Archive Utility and most libraries read it; `unzip` of Info-ZIP and the Windows Explorer do not.\n- The entry has the time of the file, or the start of the job when the file has none.\n- Compression runs beside the other steps, on a second processor core where there is one.\n- The original’s parameter for the password is not documented; `password` is the name chosen here.",
    "faults": [
      {
        "when": "The receiver’s unzip says \"unsupported compression method 99\" or \"need PK compat. v5.1\"",
        "effect": "Nothing here: the archive is right, the program does not know AES.",
        "remedy": "Unpack with 7-Zip, or leave the password away and encrypt with file.encrypt.pgp."
      }
    ],
    "limits": [
      "One entry in each archive.",
      "The name of the entry is not encrypted: zip cannot do that."
    ],
    "kind": "file-transformer",
    "group": "Transformers",
    "subgroup": "file",
    "input": "files",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "password": {
          "title": "Password",
          "help": "Encrypts the archive with AES-256. Without it the archive is not encrypted.",
          "source": "choice",
          "type": "string",
          "minLength": 1,
          "secret": true
        }
      }
    },
    "examples": [
      {
        "title": "Not encrypted",
        "params": {}
      },
      {
        "title": "Encrypted",
        "params": {
          "password": "correct horse battery staple"
        }
      }
    ],
    "connects": false
  },
  {
    "type": "file.format.dsv",
    "aliases": [],
    "title": "Format DSV",
    "summary": "Writes records as CSV, TSV or other delimited text.",
    "notes": "The columns are the fields of the first batch of records (up to 1,024), in order of appearance, or those listed in `columns`. A field that first shows up later has no column: it is left out and logged once. List the columns when records differ.\n\n- Objects and arrays are written as JSON text in one cell; `null` and missing fields as an empty cell. Rename `profile.email` to a flat name, or list it in `columns` after flattening, to get it as a column of its own.\n- Cells with separators, quotes or line ends are put in quotes; `quoteFields` quotes all of them. A row of a single empty cell is written as `\"\"`, because readers skip blank lines.\n- `dsvFormatVersion` **Standard** follows RFC 4180: quotes inside quotes are doubled, and `escapeCharacter`, which the console always stores as a backslash, is not used. **Escaped** writes the escape character before quotes and before itself instead.\n- `maxFileSize` counts bytes before compression; every part has the header. Parts are `name.csv`, `name_1.csv`, `name_2.csv` …\n- `createEmptyFile` makes a file when there were no records: with the header if `columns` is set, else of zero bytes.\n- Always UTF-8 without a byte order mark. Cells of parsed rows that no step changed are copied byte for byte.",
    "kind": "formatter",
    "group": "Transformers",
    "subgroup": "file",
    "input": "records",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "fileName": {
          "type": "string",
          "minLength": 1,
          "title": "File name",
          "help": "Name of the file that is made. Placeholders such as now, now:yyyyMMdd, jobId and apiKey are filled in.",
          "examples": [
            "accounts_${now}.csv"
          ],
          "placeholders": true,
          "source": "doc"
        },
        "columnSeparator": {
          "type": "string",
          "minLength": 1,
          "title": "Column separator",
          "help": "One or more characters between cells. `tab` or `\\t` means the tab character.",
          "examples": [
            ",",
            ";",
            "tab",
            "|"
          ],
          "source": "doc"
        },
        "quoteFields": {
          "default": false,
          "title": "Quote all fields",
          "help": "Puts every cell in quotes.",
          "source": "obs",
          "type": "boolean"
        },
        "writeHeader": {
          "default": true,
          "title": "Header row",
          "help": "The first row holds the names of the columns.",
          "source": "obs",
          "type": "boolean"
        },
        "columns": {
          "title": "Columns",
          "help": "The fields to write, in this order. Without it, the fields of the first records.",
          "advanced": true,
          "source": "choice",
          "minItems": 1,
          "type": "array",
          "items": {
            "type": "string"
          }
        },
        "lineEnd": {
          "default": "\n",
          "title": "Line end",
          "help": "What ends a row: `\\n`, `\\r\\n` or `\\r`.",
          "examples": [
            "\\n",
            "\\r\\n"
          ],
          "advanced": true,
          "source": "obs",
          "type": "string"
        },
        "dsvFormatVersion": {
          "default": "Standard",
          "title": "Dialect",
          "help": "Standard doubles quotes inside quotes (RFC 4180); Escaped puts the escape character before them.",
          "advanced": true,
          "source": "obs",
          "type": "string",
          "enum": [
            "Standard",
            "Escaped"
          ]
        },
        "escapeCharacter": {
          "default": "\\",
          "title": "Escape character",
          "help": "Used by the dialect Escaped only.",
          "advanced": true,
          "source": "obs",
          "type": "string"
        },
        "maxFileSize": {
          "default": 5000,
          "title": "Largest file",
          "help": "A file that would grow past this size is closed and another one begun: `name.csv`, `name_1.csv` …",
          "unit": "MB",
          "source": "obs",
          "type": "number",
          "exclusiveMinimum": 0
        },
        "createEmptyFile": {
          "default": false,
          "title": "Create empty file",
          "help": "Makes a file even when there was no record.",
          "source": "obs",
          "type": "boolean"
        }
      },
      "required": [
        "fileName",
        "columnSeparator"
      ]
    },
    "examples": [
      {
        "title": "Records with separators, quotes, nothing and nested values",
        "params": {
          "fileName": "accounts.csv",
          "columnSeparator": ","
        },
        "input": [
          {
            "UID": "1",
            "name": "Smith, Jr.",
            "age": 42,
            "phones": [
              {
                "type": "home"
              }
            ]
          },
          {
            "UID": "2",
            "name": "Mary \"Ace\"",
            "age": null
          }
        ],
        "outputFiles": {
          "accounts.csv": "UID,name,age,phones\n1,\"Smith, Jr.\",42,\"[{\"\"type\"\":\"\"home\"\"}]\"\n2,\"Mary \"\"Ace\"\"\",,\n"
        }
      },
      {
        "title": "Chosen columns, all quoted, for Windows",
        "params": {
          "fileName": "a.txt",
          "columnSeparator": ";",
          "quoteFields": true,
          "columns": [
            "MAIL",
            "NAME"
          ],
          "lineEnd": "\r\n"
        },
        "input": [
          {
            "NAME": "Ann",
            "MAIL": "ann@example.com",
            "internal": 1
          }
        ],
        "outputFiles": {
          "a.txt": "\"MAIL\";\"NAME\"\r\n\"ann@example.com\";\"Ann\"\r\n"
        }
      },
      {
        "title": "A backslash before quotes, no header",
        "params": {
          "fileName": "a.csv",
          "columnSeparator": "tab",
          "dsvFormatVersion": "Escaped",
          "writeHeader": false
        },
        "input": [
          {
            "a": "say \"hi\"",
            "b": 2
          }
        ],
        "outputFiles": {
          "a.csv": "\"say \\\"hi\\\"\"\t2\n"
        }
      }
    ],
    "connects": false
  },
  {
    "type": "file.format.json",
    "aliases": [],
    "title": "Format JSON",
    "summary": "Writes all records as one JSON list, or one record on each line.",
    "notes": "UTF-8 without a byte order mark, one record on each line in either layout. With `wrapField` the list stands in an object: `{\"name\":[…]}`.\n\n- `maxFileSize` counts bytes before compression; each part is a complete JSON file. Parts are `name.json`, `name_1.json`, `name_2.json` …\n- `createEmptyFile` makes a file with an empty list when there were no records (zero bytes in the layout `lines`).",
    "kind": "formatter",
    "group": "Transformers",
    "subgroup": "file",
    "input": "records",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "fileName": {
          "type": "string",
          "minLength": 1,
          "title": "File name",
          "help": "Name of the file that is made. Placeholders such as now, now:yyyyMMdd, jobId and apiKey are filled in.",
          "examples": [
            "accounts_${now}.csv"
          ],
          "placeholders": true,
          "source": "doc"
        },
        "wrapField": {
          "title": "Field of the list",
          "help": "Puts the list into an object, under this name.",
          "examples": [
            "accounts"
          ],
          "source": "obs",
          "type": "string",
          "minLength": 1
        },
        "layout": {
          "default": "array",
          "title": "Layout",
          "help": "array: one list of all records. lines: one record on each line and no list around them (NDJSON).",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "enum": [
            "array",
            "lines"
          ]
        },
        "maxFileSize": {
          "default": 5000,
          "title": "Largest file",
          "help": "A file that would grow past this size is closed and another one begun: `name.csv`, `name_1.csv` …",
          "unit": "MB",
          "source": "obs",
          "type": "number",
          "exclusiveMinimum": 0
        },
        "createEmptyFile": {
          "default": false,
          "title": "Create empty file",
          "help": "Makes a file even when there was no record.",
          "source": "obs",
          "type": "boolean"
        }
      },
      "required": [
        "fileName"
      ]
    },
    "examples": [
      {
        "title": "One list",
        "params": {
          "fileName": "accounts.json"
        },
        "input": [
          {
            "UID": "1",
            "profile": {
              "age": 42
            }
          },
          {
            "UID": "2"
          }
        ],
        "outputFiles": {
          "accounts.json": "[\n{\"UID\":\"1\",\"profile\":{\"age\":42}},\n{\"UID\":\"2\"}\n]\n"
        }
      },
      {
        "title": "A list in an object",
        "params": {
          "fileName": "a.json",
          "wrapField": "accounts"
        },
        "input": [
          {
            "UID": "1"
          }
        ],
        "outputFiles": {
          "a.json": "{\"accounts\":[\n{\"UID\":\"1\"}\n]}\n"
        }
      },
      {
        "title": "One record on each line",
        "params": {
          "fileName": "a.ndjson",
          "layout": "lines"
        },
        "input": [
          {
            "UID": "1"
          },
          {
            "UID": "2"
          }
        ],
        "outputFiles": {
          "a.ndjson": "{\"UID\":\"1\"}\n{\"UID\":\"2\"}\n"
        }
      }
    ],
    "connects": false
  },
  {
    "type": "file.parse.dsv",
    "aliases": [],
    "title": "Parse DSV",
    "summary": "Turns the rows of CSV, TSV and other delimited files into records.",
    "notes": "The header row names the fields. Names with dots stay as they are (`profile.email` is one flat field).\n\n- Line ends may be LF, CRLF or CR, also mixed; a byte order mark and blank lines are skipped. An empty file, or one with a header only, gives no records.\n- A quote opens a quoted cell at the start of a cell only; elsewhere it is ordinary text. Quotes inside quotes are doubled, or follow the escape character.\n- A name that is empty becomes `column_2` (its number); a name that is repeated gets `_2`, `_3` …; both are logged.\n- A row with another number of columns than the header, with a broken quote, longer than 16 MB, or with bytes that are not of the charset fails: it goes to the error path as `{ _file, _line, _raw }` (at most 10,000 characters) with code 400010, and parsing goes on. A broken quote costs the line where its row begins; the next row is looked for in the following line.\n- A header that cannot be read fails the job.\n- **Types** are inferred only where the text stays the same: `true`, `false`, `12`, `-2.5`. `007`, `+49 30`, `1.50` and numbers with more digits than fit stay text.\n- **Charsets**: a UTF-16 byte order mark always counts. `auto-detect` takes UTF-8 when the first 64 KB are UTF-8, else UTF-16 without a mark if it looks so, else windows-1252. Other names, such as `ISO-8859-1` or `Shift_JIS`, are converted.\n- `addFilename` adds the field `_filename` as the last one.",
    "kind": "parser",
    "group": "Transformers",
    "subgroup": "file",
    "input": "files",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "columnSeparator": {
          "type": "string",
          "minLength": 1,
          "title": "Column separator",
          "help": "One or more characters between cells. `tab` or `\\t` means the tab character.",
          "examples": [
            ",",
            ";",
            "tab",
            "|"
          ],
          "source": "doc"
        },
        "fileCharset": {
          "default": "UTF-8",
          "title": "Charset",
          "help": "Encoding of the files, or auto-detect.",
          "examples": [
            "UTF-8",
            "auto-detect",
            "ISO-8859-1",
            "UTF-16"
          ],
          "source": "obs",
          "type": "string"
        },
        "inferTypes": {
          "default": false,
          "title": "Infer types",
          "help": "Turns numbers and true/false into typed values; otherwise everything is text.",
          "source": "obs",
          "type": "boolean"
        },
        "addFilename": {
          "default": false,
          "title": "Add file name",
          "help": "Adds the name of the file to each record, as `_filename`.",
          "source": "obs",
          "type": "boolean"
        },
        "readHeader": {
          "default": true,
          "title": "Header row",
          "help": "The first row names the fields. Without it they are called `column_1`, `column_2` …",
          "advanced": true,
          "source": "choice",
          "type": "boolean"
        },
        "quoteCharacter": {
          "default": "\"",
          "title": "Quote",
          "help": "The character around cells that hold separators or line ends.",
          "advanced": true,
          "source": "choice",
          "type": "string"
        },
        "escapeCharacter": {
          "default": "\"",
          "title": "Escape character",
          "help": "What stands before a quote inside quotes: the quote itself (doubled quotes), or for example a backslash.",
          "examples": [
            "\"",
            "\\"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string"
        }
      },
      "required": [
        "columnSeparator"
      ]
    },
    "examples": [
      {
        "title": "A comma-separated file with quoted cells",
        "params": {
          "columnSeparator": ","
        },
        "inputFiles": {
          "accounts.csv": "UID,profile.lastName,age\n1,\"Smith, Jr.\",42\n2,O'Neil,\n"
        },
        "output": [
          {
            "UID": "1",
            "profile.lastName": "Smith, Jr.",
            "age": "42"
          },
          {
            "UID": "2",
            "profile.lastName": "O'Neil",
            "age": ""
          }
        ]
      },
      {
        "title": "Tabs, typed values and the name of the file",
        "params": {
          "columnSeparator": "tab",
          "inferTypes": true,
          "addFilename": true
        },
        "inputFiles": {
          "a.tsv": "UID\tactive\tage\tzip\r\nu1\ttrue\t42\t01234\r\n"
        },
        "output": [
          {
            "UID": "u1",
            "active": true,
            "age": 42,
            "zip": "01234",
            "_filename": "a.tsv"
          }
        ]
      },
      {
        "title": "A row with a missing column fails, the others go on",
        "params": {
          "columnSeparator": ";"
        },
        "inputFiles": {
          "a.csv": "UID;email\n1;a@example.com\n2\n3;c@example.com\n"
        },
        "output": [
          {
            "UID": "1",
            "email": "a@example.com"
          },
          {
            "UID": "3",
            "email": "c@example.com"
          }
        ],
        "errors": [
          {
            "_file": "a.csv",
            "_line": 3,
            "_raw": "2",
            "_errorDetails": {
              "errorCode": 400010,
              "errorMessage": "A row of a.csv cannot be read: it has 1 column where 2 are expected."
            }
          }
        ]
      }
    ],
    "connects": false
  },
  {
    "type": "file.parse.json",
    "aliases": [],
    "title": "Parse JSON",
    "summary": "Turns JSON files into records: a list of objects, one object, or an object on each line.",
    "notes": "Read element by element, so files of any size pass through little memory.\n\n- A list gives a record for each of its objects. An object gives one record; with `wrapField` it is the object around the list in that field. Objects that follow each other, each on a line of its own (NDJSON) or not, give a record each.\n- An element that is not valid JSON, not an object, or not UTF-8 fails: it goes to the error path as `{ _file, _line, _raw }` (at most 10,000 characters) with code 400010, and reading goes on with the next element. Commas that are missing or doubled between elements are tolerated.\n- The job fails where no next element can be found: the file ends inside an element or before its list is closed, other text follows the list, an element is longer than 64 MB.\n- UTF-8 with or without a byte order mark; UTF-16 when a mark says so. An empty file gives no records.\n- `addFilename` adds the field `_filename`.",
    "kind": "parser",
    "group": "Transformers",
    "subgroup": "file",
    "input": "files",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "addFilename": {
          "default": false,
          "title": "Add file name",
          "help": "Adds the name of the file to each record, as `_filename`.",
          "source": "obs",
          "type": "boolean"
        },
        "wrapField": {
          "title": "Field of the list",
          "help": "When the file holds one object around the list: the field the list stands in.",
          "examples": [
            "results"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        }
      }
    },
    "examples": [
      {
        "title": "A list of objects",
        "params": {},
        "inputFiles": {
          "accounts.json": "[{\"UID\": \"1\", \"profile\": {\"age\": 42}}, {\"UID\": \"2\"}]"
        },
        "output": [
          {
            "UID": "1",
            "profile": {
              "age": 42
            }
          },
          {
            "UID": "2"
          }
        ]
      },
      {
        "title": "One object on each line, and one that is broken",
        "params": {
          "addFilename": true
        },
        "inputFiles": {
          "a.ndjson": "{\"UID\":\"1\"}\n{\"UID\":\"2\"\n{\"UID\":\"3\"}\n"
        },
        "output": [
          {
            "UID": "1",
            "_filename": "a.ndjson"
          },
          {
            "UID": "3",
            "_filename": "a.ndjson"
          }
        ],
        "errors": [
          {
            "_file": "a.ndjson",
            "_line": 2,
            "_raw": "{\"UID\":\"2\"",
            "_errorDetails": {
              "errorCode": 400010,
              "errorMessage": "A JSON element of a.ndjson cannot be read: it is not valid JSON."
            }
          }
        ]
      },
      {
        "title": "A list inside an object",
        "params": {
          "wrapField": "results"
        },
        "inputFiles": {
          "a.json": "{\"totalCount\": 1, \"results\": [{\"UID\": \"1\"}]}"
        },
        "output": [
          {
            "UID": "1"
          }
        ]
      }
    ],
    "connects": false
  },
  {
    "type": "file.uncompress.gzip",
    "aliases": [],
    "title": "Uncompress gzip",
    "summary": "Uncompresses each gzip file and takes .gz off its name.",
    "notes": "Files of several gzip members are read to the end; zero bytes behind the last one are padding.\n\n- Of a name, `.gz` or `.gzip` is taken off and `.tgz` becomes `.tar`; any other name stays.",
    "faults": [
      {
        "when": "The file is empty, no gzip file, cut off, damaged, or followed by other bytes",
        "effect": "The job fails; the message names the file. A file written from it is not published.",
        "remedy": "Have the file made or transferred again; `gzip -t` tells whether it is whole."
      },
      {
        "when": "The file expands beyond maxExpansion times its size",
        "effect": "It is stopped there and the job fails.",
        "remedy": "Raise maxExpansion if the file is meant to be like that."
      }
    ],
    "limits": [
      "The checksum stands at the end of a gzip file: what a damaged one held before may have gone on already, as records; files made of it are withdrawn.",
      "The first 256 MB of output are free of maxExpansion. gzip itself cannot go past about 1,030 times."
    ],
    "kind": "file-transformer",
    "group": "Transformers",
    "subgroup": "file",
    "input": "files",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "maxExpansion": {
          "default": 200,
          "title": "Largest expansion",
          "help": "Guards against files made to fill a disk: how many times its own size a file may expand.",
          "unit": "times",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 2,
          "maximum": 9007199254740991
        }
      }
    },
    "examples": [
      {
        "title": "Data that repeats itself a lot",
        "params": {
          "maxExpansion": 1000
        }
      }
    ],
    "connects": false
  },
  {
    "type": "file.uncompress.lzo",
    "aliases": [],
    "title": "Uncompress LZO",
    "summary": "Uncompresses each lzop file and takes .lzo off its name.",
    "notes": "Reads what `lzop` and Hadoop’s LzopCodec write, of every level, with any checksums or none, and files of several members.\n\n- A block is handed on only after its checksums were found right.\n- Of a name, `.lzo` is taken off and `.tzo` becomes `.tar`; any other name stays.\n- Index files (`name.lzo.index`) hold no data: they are passed over, and the trace says so.",
    "faults": [
      {
        "when": "The file is empty, no lzop file, cut off, damaged, or followed by other bytes",
        "effect": "The job fails; the message names the file and the block. A file written from it is not published.",
        "remedy": "Have the file made or transferred again; `lzop -t` tells whether it is whole."
      },
      {
        "when": "The file expands beyond maxExpansion times its size",
        "effect": "It is stopped there and the job fails.",
        "remedy": "Raise maxExpansion if the file is meant to be like that."
      }
    ],
    "limits": [
      "Blocks of at most 64 MB, as in lzop itself.",
      "Not handled: files made with `lzop --filter`, by lzop before 0.94, in several parts, or bare LZO without the lzop container.",
      "The first 256 MB of output are free of maxExpansion."
    ],
    "kind": "file-transformer",
    "group": "Transformers",
    "subgroup": "file",
    "input": "files",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "maxExpansion": {
          "default": 200,
          "title": "Largest expansion",
          "help": "Guards against files made to fill a disk: how many times its own size a file may expand.",
          "unit": "times",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 2,
          "maximum": 9007199254740991
        }
      }
    },
    "examples": [
      {
        "title": "Data that repeats itself a lot",
        "params": {
          "maxExpansion": 250
        }
      }
    ],
    "connects": false
  },
  {
    "type": "file.uncompress.zip",
    "aliases": [],
    "title": "Uncompress zip",
    "summary": "Unpacks each zip archive: one file for each entry.",
    "notes": "The directory of a zip archive stands at its end, so an archive is first written to the job’s spool folder whole; its entries then stream out of there, in the order of the directory.\n\n- A file is named after its entry without the folders it stands in. When two entries have the same name the second becomes `name_1.csv`, and the trace says so.\n- Folders, symbolic links and what macOS adds (`__MACOSX/`, `.DS_Store`) are passed over.\n- Encrypted archives: AES (WinZip, 7-Zip) and ZipCrypto. ZipCrypto is weak; take it as no protection.\n- Read are Deflate, Deflate64 and stored entries, zip64, and archives with other bytes in front (self-extracting ones).\n- An entry whose name climbs out of its folder (`../`), is an absolute path, or holds control characters fails the job before anything of it is unpacked.\n- The original’s parameters are not documented; all of them are chosen here.",
    "faults": [
      {
        "when": "The file is empty, no zip archive, cut off or damaged",
        "effect": "The job fails; the message names the archive and the entry. A file written from it is not published.",
        "remedy": "Have the archive made or transferred again; `unzip -t` tells whether it is whole."
      },
      {
        "when": "The archive is encrypted and the password is missing or wrong",
        "effect": "The job fails; the message names the field.",
        "remedy": "Set or correct password."
      },
      {
        "when": "It unpacks to more than maxTotalSize, more than maxExpansion times its size, or has more than maxEntries entries",
        "effect": "Too many entries, or a size it admits itself, fail the job before anything is unpacked; a size it hides stops it at the limit.",
        "remedy": "Raise the limit if the archive is meant to be like that."
      },
      {
        "when": "A name that leaves its folder, or entries that share their bytes",
        "effect": "The job fails: such archives are made to do harm.",
        "remedy": "Ask where the archive comes from; have it made again."
      }
    ],
    "limits": [
      "The spool folder needs room for one archive.",
      "The checksum of an entry is known at its end: what a damaged one held before may have gone on already, as records; files made of it are withdrawn.",
      "The first 256 MB of output are free of maxExpansion.",
      "Not handled: archives in several parts, encrypted file names, bzip2, LZMA, Zstandard."
    ],
    "kind": "file-transformer",
    "group": "Transformers",
    "subgroup": "file",
    "input": "files",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "password": {
          "title": "Password",
          "help": "For encrypted archives. Others are read without it.",
          "source": "choice",
          "type": "string",
          "minLength": 1,
          "secret": true
        },
        "maxExpansion": {
          "default": 200,
          "title": "Largest expansion",
          "help": "Guards against files made to fill a disk: how many times its own size a file may expand.",
          "unit": "times",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 2,
          "maximum": 9007199254740991
        },
        "maxTotalSize": {
          "default": 51200,
          "title": "Largest total",
          "help": "All files of one archive together may not be larger than this.",
          "unit": "MB",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 9007199254740991
        },
        "maxEntries": {
          "default": 10000,
          "title": "Most entries",
          "help": "An archive with more entries, folders included, is refused.",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 1000000
        }
      }
    },
    "examples": [
      {
        "title": "Any archive",
        "params": {}
      },
      {
        "title": "An encrypted archive, with tight limits",
        "params": {
          "password": "correct horse battery staple",
          "maxTotalSize": 500,
          "maxEntries": 10
        }
      }
    ],
    "connects": false
  },
  {
    "type": "record.evaluate",
    "aliases": [],
    "title": "Custom script",
    "summary": "Runs JavaScript over each record.",
    "notes": "`process` is called for each record, in order, in one instance for the whole job; variables outside it keep their values. It returns the record that goes on, changed or new; `null` or nothing filters it out. `next.accept(record)` emits a record and may be called many times; `error.accept(newRecord, originalRecord)` sends one to the error path. A record for which the script throws goes to the error path as it came, and what the call had emitted before is dropped.\n\nScripts of 2017, `process(record, next, ctx, logger)` with `record.getField(…)`, are told apart by the name of their second parameter.\n\n`ctx` has `jobId`, `dataflowId`, `stepId`, `getSharedVariable(name)` and `setSharedVariable(name, value)`, shared by all calls of this step. `logger` and `console` write to the trace.\n\nBoth language levels run on a current JavaScript engine: scripts of 5.1 run unchanged, and newer syntax in them is not refused.",
    "faults": [
      {
        "when": "The script throws on a record",
        "effect": "The record goes to the error path as it came, with message and line; what the call had emitted is dropped.",
        "remedy": "Test the script on such a record in the script editor."
      },
      {
        "when": "A record takes too long",
        "effect": "It fails with code 400013; the third time in a job, the job fails.",
        "remedy": "Look for a loop that does not end or an expression that backtracks."
      },
      {
        "when": "The script runs out of memory, or gives back too much",
        "effect": "The job fails with code 400013 and says which limit.",
        "remedy": "Collect less in variables outside `process`; emit records as they come."
      },
      {
        "when": "The script is not JavaScript, or declares no `process`",
        "effect": "The dataflow is refused before the job starts, with line and column.",
        "remedy": "Mend it in the script editor."
      }
    ],
    "limits": [
      "A batch of up to 1,024 records may take 5 seconds and 20 ms for each record, hold 128 MB and give back 32 MB of JSON.",
      "No file, network, timer or module is in reach, and promises cannot be waited for. Clock and dates are UTC.",
      "Values cross as JSON: a date becomes text, `undefined` and functions are left out."
    ],
    "kind": "batch-transformer",
    "group": "Transformers",
    "subgroup": "record",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "script": {
          "type": "string",
          "minLength": 1,
          "title": "Script",
          "help": "JavaScript that declares process(record, ctx, logger, next, error). What it returns goes on; null filters the record out.",
          "language": "javascript",
          "base64": true,
          "source": "doc"
        },
        "ECMAScriptVersion": {
          "default": "5.1",
          "title": "ECMAScript version",
          "help": "The language level the script was written for. Both levels run on the same engine, so newer syntax works in either.",
          "source": "obs",
          "type": "string",
          "enum": [
            "12",
            "5.1"
          ]
        },
        "notifyLastRecord": {
          "default": false,
          "title": "Notify last record",
          "help": "Calls process once more after the last record, with null in its place, so that the script can emit what it collected.",
          "source": "obs",
          "type": "boolean"
        }
      },
      "required": [
        "script"
      ]
    },
    "examples": [
      {
        "title": "Build a new record",
        "params": {
          "script": "ZnVuY3Rpb24gcHJvY2VzcyhyZWNvcmQsIGN0eCwgbG9nZ2VyLCBuZXh0KSB7CiAgcmV0dXJuIHsgVUlEOiByZWNvcmQuVUlELCBuYW1lOiByZWNvcmQuZmlyc3QgKyAnICcgKyByZWNvcmQubGFzdCB9Owp9",
          "ECMAScriptVersion": "12"
        },
        "input": [
          {
            "UID": "u1",
            "first": "Ann",
            "last": "Berg"
          }
        ],
        "output": [
          {
            "UID": "u1",
            "name": "Ann Berg"
          }
        ]
      },
      {
        "title": "One record becomes many, and the last call emits a count",
        "params": {
          "script": "dmFyIGNvdW50ID0gMDsKZnVuY3Rpb24gcHJvY2VzcyhyZWNvcmQsIGN0eCwgbG9nZ2VyLCBuZXh0KSB7CiAgaWYgKHJlY29yZCA9PT0gbnVsbCkgcmV0dXJuIHsgY291bnQ6IGNvdW50IH07CiAgcmVjb3JkLmxpc3RzLnNwbGl0KCIsIikuZm9yRWFjaChmdW5jdGlvbiAobGlzdCkgewogICAgY291bnQrKzsKICAgIG5leHQuYWNjZXB0KHsgVUlEOiByZWNvcmQuVUlELCBsaXN0OiBsaXN0IH0pOwogIH0pOwogIHJldHVybiBudWxsOwp9",
          "ECMAScriptVersion": "5.1",
          "notifyLastRecord": true
        },
        "input": [
          {
            "UID": "u1",
            "lists": "a,b"
          }
        ],
        "output": [
          {
            "UID": "u1",
            "list": "a"
          },
          {
            "UID": "u1",
            "list": "b"
          },
          {
            "count": 2
          }
        ]
      },
      {
        "title": "Divert records without an e-mail address",
        "params": {
          "script": "ZnVuY3Rpb24gcHJvY2VzcyhyZWNvcmQsIGN0eCwgbG9nZ2VyLCBuZXh0LCBlcnJvcikgewogIGlmIChyZWNvcmQuZW1haWwpIHJldHVybiByZWNvcmQ7CiAgZXJyb3IuYWNjZXB0KHsgVUlEOiByZWNvcmQuVUlELCBfZXJyb3JEZXRhaWxzOiB7IGVycm9yTWVzc2FnZTogJ25vIGUtbWFpbCcgfSB9LCByZWNvcmQpOwogIHJldHVybiBudWxsOwp9",
          "ECMAScriptVersion": "12"
        },
        "input": [
          {
            "UID": "u1",
            "email": "ann@example.com"
          },
          {
            "UID": "u2"
          }
        ],
        "output": [
          {
            "UID": "u1",
            "email": "ann@example.com"
          }
        ],
        "errors": [
          {
            "UID": "u2",
            "_errorDetails": {
              "errorMessage": "no e-mail"
            }
          }
        ]
      }
    ],
    "connects": false
  }
];
