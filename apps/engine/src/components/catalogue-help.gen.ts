// Made by: node apps/docs/generate.ts
import type { ComponentHelp } from '#dataflow';

/** Notes, faults, limits and examples of every component, sorted by id. */
export const componentHelp: Readonly<Record<string, ComponentHelp>> = {
  "datasource.lookup.gender": {
    "notes": "The guess is `m` or `f`, as `profile.gender` of an account has it, or `u` when the name is not known, missing, or the guess would be less probable than asked for. Its probability goes to a second field; null when the name is not known.\n\nThe bundled table holds how often a name was given to girls and boys born in the United States from 1930 to 2013: 18,196 names, published by the Social Security Administration (public domain). Letter case and accents do not matter; of two names the first counts when both together are not known.\n\nA guess for targeting, not a fact about a person: do not write it to `profile.gender`. The original dropped the component from its later lists; its answer’s exact form is not known, so the two fields are our choice.",
    "limits": [
      "Names as they are given in the United States: Andrea, Jean and Nicola are counted as female names there, and names written in other scripts are not known.",
      "What a person says of themselves may differ; nobody else can know."
    ],
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
    ]
  },
  "datasource.lookup.gigya.account": {
    "notes": "One `accounts.search` for each batch of records, then each account is given to the records that it fits.\n\n- **Values are escaped**: no text in a record can change the search. Texts that are blank, nulls and objects are not looked for; of a list each value is. With `AND` a record that lacks one of its fields matches nobody.\n- **Case**: without `isCaseSensitive` the search uses `CONTAINS`, which finds mail addresses and user names as a whole and other texts by words; what it finds too much is left out here by comparing whole values.\n- **Merging**: objects are merged field by field, so `profile.email` of the account leaves the record’s other profile fields alone; lists and plain values are replaced. A null of the account never replaces a value of the record. A record’s field `profile.email` with a dot in its name is the same place as the nested one.\n- A selected field that the account lacks is null when the record does not have it either.\n- `subscriptions` and `password`, which a search of `accounts` leaves out, are fetched with `accounts.getAccountInfo`, one more call for each account.\n- **Choices**: the original’s values other than those seen in flows, and its defaults for no and for several accounts, were not found: without a parameter, records go on.\n- A lookup may have an error path; flows use it as a branch, for instance to create the accounts that are missing.",
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
        "when": "No account fits and mismatchBehavior is error",
        "effect": "The record goes to the error path with code 404000.",
        "remedy": "None needed where the error path is a branch of the flow."
      },
      {
        "when": "The platform refuses the search for the value of one record (400006)",
        "effect": "That record is found by halving the batch and goes to the error path; the others go on.",
        "remedy": "Look at the value."
      },
      {
        "when": "The platform refuses the field list",
        "effect": "The job fails with the platform’s words.",
        "remedy": "Mend the field list."
      }
    ],
    "limits": [
      "At most 20,000 accounts for one batch of records; more fail the job, because the fields tell nobody apart.",
      "An account that was written less than 30 seconds ago may not be found yet.",
      "With take_source a null of the record gives way to the account’s value."
    ],
    "examples": [
      {
        "title": "UID by mail address; records without an account go to the error path",
        "params": {
          "select": "UID",
          "lookupFields": [
            {
              "sourceField": "email",
              "gigyaField": "profile.email"
            }
          ],
          "mismatchBehavior": "error"
        }
      },
      {
        "title": "Whole accounts by mail address and name, and nothing when several fit",
        "params": {
          "select": "*",
          "lookupFields": [
            {
              "sourceField": "email",
              "gigyaField": "profile.email"
            },
            {
              "sourceField": "lastName",
              "gigyaField": "profile.lastName"
            }
          ],
          "lookupFieldsOperator": "AND",
          "multiMatchBehavior": "error"
        }
      }
    ]
  },
  "datasource.lookup.gigya.gm": {
    "notes": "Calls `gm.getChallengeStatus` for the `UID` (or `uid`) of each record and puts the answer’s list into the field `achievements`; one that the record has is replaced. An account without any gets an empty list.\n\n- The original says \"since the last successful run\". The platform’s method knows no time: it tells how things stand now. Which accounts are asked for is up to the step before, which reads those that changed.\n- The entries of the list are given on as the platform tells them (`challengeID`, `level`, `pointsTotal` …).\n- To make a record of each entry, let `field.array.extract` follow.",
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
        "when": "A record has no UID, or no account has it",
        "effect": "The record goes to the error path.",
        "remedy": "Select UID in the step that reads the accounts."
      },
      {
        "when": "A challenge is not known (400006)",
        "effect": "Every record goes to the error path with the platform’s words.",
        "remedy": "Check the ids of the challenges."
      }
    ],
    "limits": [
      "One call for each record.",
      "Loyalty must be part of the site’s package."
    ],
    "examples": [
      {
        "title": "All challenges",
        "params": {
          "includeChallenges": "*"
        }
      },
      {
        "title": "Two challenges, twenty calls at a time",
        "params": {
          "includeChallenges": [
            "_default",
            "explorer"
          ],
          "maxConnections": 20
        }
      }
    ]
  },
  "datasource.read.amazon.s3": {
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
    ]
  },
  "datasource.read.azure.blob": {
    "notes": "- Only blobs changed since the last successful run are read, by their time of last change, unless the job pulls all records.\n- `blobPrefix` is compared with the whole name, so `in` takes `in/a.csv` and `inbox/b.csv`; `fileNameRegex` and the name of the file are what stands behind the last slash. Blobs whose names end in `.uploading` or a slash are left out.\n- Listings are read page by page; only selected blobs are kept in memory.\n- Files are read as a stream; nothing is removed. A connection that is lost is opened again and reading goes on where it was cut, as long as the blob is the same version (ETag).\n- `sortBy`, `sortOrder` and `endpoint` are choices of this product.",
    "faults": [
      {
        "when": "The account key does not fit (403 AuthenticationFailed)",
        "effect": "The job fails.",
        "remedy": "Check `accountName` and `accountKey`; a clock that is wrong by more than 15 minutes does the same."
      },
      {
        "when": "The container does not exist (404)",
        "effect": "The job fails.",
        "remedy": "Check `container`."
      },
      {
        "when": "The account is unknown, or lets this network not in",
        "effect": "The job fails.",
        "remedy": "Check `accountName` or `endpoint`, and the network rules of the account."
      },
      {
        "when": "The storage is busy (429, 5xx) or the connection is lost",
        "effect": "The call is repeated, with the pause the service asks for.",
        "remedy": "None."
      },
      {
        "when": "A blob lies in the archive tier (409)",
        "effect": "The job fails.",
        "remedy": "Rehydrate it, or leave it out by `fileNameRegex`."
      }
    ],
    "limits": [
      "One blob at a time. Blobs of any size; 2 GB pass in less than 300 MB of memory.",
      "Snapshots and older versions are not read. Two blobs of the same base name in different virtual folders give two files of the same name."
    ],
    "examples": [
      {
        "title": "CSV files of a virtual folder",
        "params": {
          "accountName": "mycompanydata",
          "accountKey": "bm90IGEgcmVhbCBrZXk=",
          "container": "imports",
          "blobPrefix": "inbox/",
          "fileNameRegex": ".*\\.csv"
        }
      }
    ]
  },
  "datasource.read.azure.sas": {
    "notes": "- How the original calls the broker is not known. Here: a token is fetched from `loginUrl` + `/oauth2/v2.0/token` with the client credentials (grant `client_credentials`, scope `<clientId>/.default` unless `scope` says otherwise); a `loginUrl` that ends in `/oauth2/token` or `/oauth2/v2.0/token` is taken as it is, and the older of the two gets a `resource` in place of the scope.\n- Then `authenticationUrl` + `blobUri` is called with `Authorization: Bearer`, by GET, and by POST when that answers 405. The answer holds the address with the signature: as plain text, as a JSON text, or anywhere in a JSON object (`sasUri`, `url`, `uri` …); address and signature may be two fields.\n- The signature may be for a container (`sr=c`) or for one blob (`sr=b`). A new one is asked for before it ends (`se`), and once when the storage refuses it.\n- Only blobs changed since the last successful run are read, unless the job pulls all records; they are chosen, ordered and read as `datasource.read.azure.blob` does. `blobPrefix`, `fileNameRegex`, `sortBy`, `sortOrder` and `scope` are choices of this product.",
    "faults": [
      {
        "when": "The login refuses the client (400, 401 invalid_client)",
        "effect": "The job fails.",
        "remedy": "Check `loginUrl`, `clientId` and `clientSecret`; secrets of applications end."
      },
      {
        "when": "The broker refuses the token, or does not know the path",
        "effect": "The job fails.",
        "remedy": "Check `authenticationUrl`, `blobUri` and `scope`, and whether the broker knows the application."
      },
      {
        "when": "The answer of the broker holds no signature",
        "effect": "The job fails.",
        "remedy": "Check `blobUri`, and what the broker hands out."
      },
      {
        "when": "The storage refuses the signature (403)",
        "effect": "A new one is asked for once, then the job fails.",
        "remedy": "Have the broker grant r and l; check its clock."
      },
      {
        "when": "Login, broker or storage are busy, or the connection is lost",
        "effect": "The call is repeated, with the pause they ask for.",
        "remedy": "None."
      }
    ],
    "limits": [
      "One blob at a time. Blobs of any size; 2 GB pass in less than 300 MB of memory.",
      "A signature for a virtual folder (`sr=d`) is used as one for a container."
    ],
    "examples": [
      {
        "title": "All CSV files of the container",
        "params": {
          "loginUrl": "https://login.microsoftonline.com/company.onmicrosoft.com",
          "clientId": "00000000-0000-0000-0000-000000000000",
          "clientSecret": "its-secret",
          "authenticationUrl": "https://sas.example.com",
          "blobUri": "/api/sasstorage/create/",
          "fileNameRegex": ".*\\.csv"
        }
      }
    ]
  },
  "datasource.read.campaignmonitor": {
    "notes": "API 3.3, `GET /lists/{id}/{status}.json`, a thousand subscribers a page. A record holds `EmailAddress`, `Name`, `Date` (when the status began), `ListJoinedDate`, `State`, and the custom fields of the list by name; several choices of one field are a list.\n\n- `targetField` receives the status that was read, as it stands in the parameter: `unsubscribed`.\n- **Delta**: who got the status on the day of the last successful run or later, with a day to spare for time zones; Campaign Monitor knows no finer time. So somebody may be read by several runs, and none is missed.\n- For `active` that means who joined or came back. A change of name or custom fields is not seen by the delta: pull all records for that.\n- A list that becomes shorter while it is read has the page before read again.\n- Chosen here, where the original is not documented: without `status` active subscribers are read.",
    "faults": [
      {
        "when": "Invalid API Key (401, code 100)",
        "effect": "The job fails.",
        "remedy": "Take the key from Account settings, API keys; one that was regenerated ends the older one."
      },
      {
        "when": "Invalid ListID (401, code 101)",
        "effect": "The job fails.",
        "remedy": "Take the API subscriber list id from the settings of the list, and a key of the account or client it belongs to."
      },
      {
        "when": "Too Many Requests (429)",
        "effect": "All calls of the step wait until the period of the rate limit ends, and are repeated.",
        "remedy": "Nothing, unless it happens often: then let other programs run at other times."
      },
      {
        "when": "The platform is busy, or the connection breaks",
        "effect": "The page is repeated, twelve times at most.",
        "remedy": "Run the job again later."
      }
    ],
    "limits": [
      "A page has 1000 subscribers.",
      "The delta has the precision of a day.",
      "One list of one client; segments, campaigns and accounts are not read.",
      "A custom field called like a field of the subscriber itself (`Date`, `State`) is found under `CustomFields`."
    ],
    "examples": [
      {
        "title": "Who unsubscribed since the last run",
        "params": {
          "apiKey": "981298u298ue98u219e8u2e98u2",
          "listId": "a58ee1d3039b8bec838e6d1482a8a965",
          "status": "unsubscribed",
          "targetField": "data.subscribed"
        }
      },
      {
        "title": "Active subscribers",
        "params": {
          "apiKey": "981298u298ue98u219e8u2e98u2",
          "listId": "a58ee1d3039b8bec838e6d1482a8a965"
        }
      }
    ]
  },
  "datasource.read.constantcontact": {
    "notes": "The V3 API, `GET /contacts`, 500 contacts a page. The original used the V2 API, for which no keys are issued any more; the documented parameters are kept: `apiKey` is the client id of the application, `accessToken` a token of the V3 API.\n\n- A record is the contact as the API shows it (`contact_id`, `first_name`, `email_address`, `list_memberships` …) with `Email`, `newsletterField` (true while mails may be sent), and the custom fields under their labels without blanks: `Custom Field 1` is `CustomField1`.\n- **Delta**: contacts whose `updated_at` is later than the last successful run less 30 seconds, so a contact may be read by two runs.\n- An access token lives a day at most. With a refresh token of the long-lived kind it is renewed when the platform refuses it.",
    "faults": [
      {
        "when": "Unauthorized (401)",
        "effect": "The token is renewed when there is a refresh token; otherwise the job fails.",
        "remedy": "Give a token that has not ended, or a refresh token of the long-lived kind. Keys of the V2 API do not work."
      },
      {
        "when": "Forbidden (403)",
        "effect": "The job fails.",
        "remedy": "Grant the application the scope contact_data and a user who may manage contacts."
      },
      {
        "when": "The list is not found (404), or its id is no UUID",
        "effect": "The job fails.",
        "remedy": "Take the list_id of the V3 API; `GET /contact_lists/list_id_xrefs` tells it for the number of the V2 API."
      },
      {
        "when": "Too Many Requests (429, throttled)",
        "effect": "All calls of the step pause and are repeated.",
        "remedy": "Lower the calls a second when other programs use the same API key."
      },
      {
        "when": "Limit Exceeded (429, quota_exceeded)",
        "effect": "The job fails.",
        "remedy": "The 10,000 calls of a day are used up; run the job again after midnight UTC."
      },
      {
        "when": "The platform is busy, or the connection breaks",
        "effect": "The page is repeated, twelve times at most.",
        "remedy": "Run the job again later."
      }
    ],
    "limits": [
      "Four calls a second and 10,000 a day for each API key.",
      "Only contacts that are in the list now are read: who was taken off it, or left it by unsubscribing, is not seen.",
      "A custom field called like a field of the contact itself is not read. Notes and taggings are not read."
    ],
    "examples": [
      {
        "title": "The contacts of a list",
        "params": {
          "apiKey": "client-id-of-the-application",
          "accessToken": "its-token",
          "listId": "06a11efa-5879-4f0e-9f0a-1f3b8a2f4f3e"
        }
      },
      {
        "title": "On a schedule, the token renewed",
        "params": {
          "apiKey": "client-id-of-the-application",
          "accessToken": "its-token",
          "listId": "06a11efa-5879-4f0e-9f0a-1f3b8a2f4f3e",
          "refreshToken": "its-refresh-token"
        }
      }
    ]
  },
  "datasource.read.external.generic": {
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
            "authUrl": "https://login.example.com/token",
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
    ]
  },
  "datasource.read.ftp": {
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
    ]
  },
  "datasource.read.gigya.account": {
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
    ]
  },
  "datasource.read.gigya.audit": {
    "notes": "Reads `audit.search` by cursor. An event has `@timestamp`, `callID`, `endpoint`, `errCode` (a text), `errMessage`, `errDetails`, `uid`, `apikey`, `userKey`, `userKeyDetails`, `sourceIP`, `httpReq`, `userAgent` and `params`. Names are case-sensitive.\n\n- The platform gives whole events only; the fields of `select` are picked here, aliases included (`@timestamp AS time`).\n- **Delta**: `@timestamp` later than the last successful run, less 30 seconds, since events too are seen by searches a little later. So an event may be read by two runs, and none is missed. The original’s delta field was not found.\n- A selected field that an event lacks is `null`; with `excludeEmptyFields` it is left out.\n- To pass deletions on: `endpoint = \"accounts.deleteAccount\" AND errCode = \"0\"`; `uid` or `params.UID` tells who was deleted.",
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
      }
    ],
    "limits": [
      "Calls made with an application’s key are not in the audit log.",
      "Events are kept for 12 months unless the site says otherwise.",
      "A page holds at most 1000 events."
    ],
    "examples": [
      {
        "title": "Accounts that were deleted",
        "params": {
          "select": "uid",
          "where": "endpoint = \"accounts.deleteAccount\" AND errCode = \"0\""
        }
      },
      {
        "title": "Failed sign-ins",
        "params": {
          "select": "*",
          "where": "endpoint = \"accounts.login\" AND errCode != \"0\"",
          "batchSize": 1000
        }
      }
    ]
  },
  "datasource.read.gigya.comment": {
    "notes": "Asks `comments.search` for `SELECT * FROM streams` (or `comments`) with the flow’s condition, by cursor. The parameters are those of real flows; the method behind them stands in no public documentation, so its name, its cursors and its answer are taken to be those of the platform’s other searches.\n\n- A stream has `streamID`, `categoryID`, `status`, `createDate`, `commentCount`, `threadCount`, `streamTitle`, `streamURL`, `lastCommentTimestamp` …; a comment has `ID`, `streamID`, `categoryID`, `threadID`, `parentID`, `commentText`, `sender`, `timestamp`, votes and tags. Times are milliseconds since 1970.\n- Everything is read by every run unless `deltaField` is given: the original has no such parameter here. With it, only objects whose value is later than the last successful run, less 30 seconds, are read.",
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
      }
    ],
    "limits": [
      "Users of the original measured 25,000 to 30,000 objects an hour.",
      "A page holds at most 1000 objects."
    ],
    "examples": [
      {
        "title": "Streams of one category",
        "params": {
          "from": "streams",
          "where": "categoryID = \"comments\"",
          "batchSize": 300
        }
      },
      {
        "title": "Comments since the last run",
        "params": {
          "from": "comments",
          "deltaField": "timestamp"
        }
      }
    ]
  },
  "datasource.read.gigya.ds": {
    "notes": "Reads `ds.search` by cursor. A record has `oid`, `UID` (of objects that belong to an account), `data`, and the times `created` and `lastUpdated` in milliseconds with their text twins `createdTime` and `lastUpdatedTime`, as far as they are selected.\n\n- **Delta**: `deltaField` later than the last successful run, less 30 seconds, which is how long a change may stay unseen by searches. The original’s default was not found; `lastUpdated` is the field that moves with every change. A field whose name ends in `Time` or `_d` is compared as ISO text, any other as milliseconds.\n- A selected field that an object lacks is `null`; with `excludeEmptyFields` it is left out.\n- Time marks in `where` are filled with milliseconds when the job pulls all records; in other jobs they are refused.\n- What is read can be written back by `datasource.write.gigya.ds`, which takes `oid`, `UID` and `data` from the record.",
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
      }
    ],
    "limits": [
      "A page holds at most 1000 objects.",
      "A type that does not exist gives no records, not an error."
    ],
    "examples": [
      {
        "title": "All orders that changed",
        "params": {
          "select": "*",
          "from": "order"
        }
      },
      {
        "title": "Paid orders of accounts",
        "params": {
          "select": "oid, UID, data",
          "from": "order",
          "where": "data.isPaid_b = true AND UID IS NOT NULL"
        }
      }
    ]
  },
  "datasource.read.googlecloud": {
    "notes": "- The id is inferred from that of the same connector in the customer data platform; its parameters are documented there. `sortBy` and `sortOrder` are our choice, as in the SFTP reader.\n- A file is called by the last part of the object’s name, and `fileNameRegex` is matched with that. Objects whose name ends in a slash only mark a folder and are left out, and so are names that end in `.uploading`. A slash at the head of the prefix is left out.\n- Only objects whose content was written since the last successful run are read, by the time the bucket shows, unless the job pulls all records. No object is no fault.\n- Objects that are stored with the encoding gzip come as they are stored; a step `file.uncompress.gzip` unpacks them.\n- Passing faults (429, 5xx, cut connections) are repeated; a download that is cut goes on behind the last byte, of the same generation of the object.\n- The service account needs the role Storage Object Viewer on the bucket (`storage.objects.list`, `storage.objects.get`). Where the bucket wants the requester to pay, `projectId` is charged. Nothing is removed or changed in the bucket.",
    "faults": [
      {
        "when": "privateKey is no PEM block, is not RSA, or is the whole service-account file",
        "effect": "The job does not start; the error names privateKey.",
        "remedy": "Give private_key of the service-account file, the whole PEM block as base64."
      },
      {
        "when": "invalid_grant: the key does not belong to clientEmail, was deleted, or there is no such account",
        "effect": "The job fails before anything is read.",
        "remedy": "Take clientEmail and privateKey from one service-account file whose key still exists."
      },
      {
        "when": "The clock of this machine is wrong",
        "effect": "No token is issued, the job fails and says so.",
        "remedy": "Set the clock of the machine."
      },
      {
        "when": "The account lacks a right (403)",
        "effect": "The job fails and names the right.",
        "remedy": "Give it the role Storage Object Viewer on the bucket."
      },
      {
        "when": "No such bucket (404)",
        "effect": "The job fails.",
        "remedy": "Check bucketName."
      },
      {
        "when": "Too many calls (429) or a fault of the server (5xx)",
        "effect": "The call is repeated with growing pauses, for a minute or two; then the job fails.",
        "remedy": "Run the job again."
      },
      {
        "when": "The server cannot be reached, or its certificate has expired",
        "effect": "Calls are repeated, then the job fails and names the cause. A wrong certificate fails at once.",
        "remedy": "Check endpoint, the network, and the certificate."
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
      "Versions of objects and keys of one’s own for encryption are not supported."
    ],
    "examples": [
      {
        "title": "All CSV files of a folder, oldest first",
        "params": {
          "projectId": "example-project",
          "bucketName": "example-exports",
          "clientEmail": "etl@example-project.iam.gserviceaccount.com",
          "privateKey": "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCg==",
          "objectKeyPrefix": "inbox/",
          "fileNameRegex": ".*\\.csv"
        }
      },
      {
        "title": "One object",
        "params": {
          "projectId": "example-project",
          "bucketName": "example-exports",
          "clientEmail": "etl@example-project.iam.gserviceaccount.com",
          "privateKey": "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCg==",
          "objectKeyPrefix": "inbox/accounts.json"
        }
      }
    ]
  },
  "datasource.read.local": {
    "notes": "On a server, only folders that its operator allows can be read; from the command line any folder, and relative paths begin at the current one.\n\n- Only files changed since the last successful run are read, unless the job pulls all records.\n- Folders inside the folder, and files whose name ends in `.uploading`, are left out; so are hidden files (their name begins with a dot) unless `fileNameRegex` is set. A link is followed when its target is allowed too.\n- No file is no fault; a folder that does not exist is. Nothing is removed.",
    "faults": [
      {
        "when": "The folder or file does not exist",
        "effect": "The job fails.",
        "remedy": "Check `path`; from the command line, relative paths begin at the current folder."
      },
      {
        "when": "The operator does not allow the folder",
        "effect": "The job fails before anything is read.",
        "remedy": "Have the folder allowed, or use another."
      },
      {
        "when": "The system does not permit reading",
        "effect": "The job fails.",
        "remedy": "Check owner and permissions of folder and file."
      }
    ],
    "limits": [
      "One file at a time, of any size, in pieces of 256 KB. Folders below the folder are not looked into."
    ],
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
    ]
  },
  "datasource.read.mailchimp": {
    "notes": "Marketing API 3.0, `GET /lists/{id}/members`. A record is a member as Mailchimp shows it, without `_links`: `email_address`, `status`, `merge_fields.FNAME`, `interests.<id>`, `timestamp_opt`, `last_changed` …\n\n- **Delta**: members whose `last_changed` is later than the last successful run less 30 seconds, so a member may be read by two runs. Pull all records to read everyone.\n- Pages are ordered by the time of opting in. A list that becomes shorter while it is read has the page before read again, so nobody is missed.\n- Chosen here, where the original is not documented: without `status` members of every status but archived are read; the page size is 500.",
    "faults": [
      {
        "when": "API Key Invalid (401)",
        "effect": "The job fails.",
        "remedy": "Give a key that is not revoked, and the API address of its data centre: `…-us6` belongs to `https://us6.api.mailchimp.com/3.0/`."
      },
      {
        "when": "Resource Not Found (404)",
        "effect": "The job fails.",
        "remedy": "Take the audience id from the settings of the audience; the number in its web address is another one. Check that the API address ends with `/3.0/`."
      },
      {
        "when": "Too Many Requests (429): more than ten calls at a time from all that use the account",
        "effect": "All calls of the step pause and are repeated.",
        "remedy": "Lower the parallel calls, or let other programs run at other times."
      },
      {
        "when": "The platform is busy, or the connection breaks",
        "effect": "The page is repeated, twelve times at most.",
        "remedy": "Run the job again later."
      }
    ],
    "limits": [
      "A page has 1000 members at most.",
      "A member that was deleted permanently is not seen; one that was archived only with the status `archived`.",
      "Tags beyond those shown with a member, notes and activity are not read."
    ],
    "examples": [
      {
        "title": "Those who unsubscribed since the last run",
        "params": {
          "apiUrl": "https://us6.api.mailchimp.com/3.0/",
          "apiKey": "0123456789abcdef-us6",
          "listId": "a1b2c3d4e5",
          "status": "unsubscribed"
        }
      },
      {
        "title": "Large pages, patient",
        "params": {
          "apiUrl": "https://<dc>.api.mailchimp.com/3.0/",
          "apiKey": "0123456789abcdef-us6",
          "listId": "a1b2c3d4e5",
          "batchSize": 1000,
          "maxConnections": 2,
          "retryIntervalSeconds": 30
        }
      }
    ]
  },
  "datasource.read.marketo": {
    "notes": "Leads are read by bulk extract: for each range of 30 days an export is created, waited for and read as CSV, so a job takes at least a minute or so for each range.\n\n- **Delta**: leads that changed (`updatedAt`) since the last successful run, less a minute. **All records**: leads by `createdAt`, from the day the subscription was set up, which is read from its oldest folder, or from `createdSince` (an addition).\n- Neighbouring ranges share a second, so a lead of that second may come twice; none is missed.\n- Values are typed by the fields of the platform: booleans and numbers are such, empty ones are null, all others are texts.\n- A file is checked against the SHA-256 the platform announces; when it differs the job fails. A broken download goes on where it stopped.",
    "faults": [
      {
        "when": "Refused credentials",
        "effect": "The job fails.",
        "remedy": "Check client id and secret of the custom service, and the base address."
      },
      {
        "when": "Access denied (603)",
        "effect": "The job fails.",
        "remedy": "Give the role of the API user read access to leads; read access to assets, or createdSince, for pulling all records."
      },
      {
        "when": "Unknown field",
        "effect": "The job fails before anything is read.",
        "remedy": "Use REST names."
      },
      {
        "when": "Unsupported filter (1035)",
        "effect": "The job fails.",
        "remedy": "The subscription does not offer updatedAt: let jobs pull all records, or ask Marketo Support for it."
      },
      {
        "when": "Export quota (1029) or daily calls (607) used up",
        "effect": "The job fails.",
        "remedy": "Run it again the next day, or ask for more."
      },
      {
        "when": "Too many calls (606, 615), busy, connection lost",
        "effect": "The call is repeated.",
        "remedy": "None."
      }
    ],
    "limits": [
      "500 MB of exports a day unless more was bought; two exports at a time and ten in the queue, for all that use the subscription.",
      "Five calls a second.",
      "Leads deleted in Marketo are not told."
    ],
    "examples": [
      {
        "title": "Subscription state and names",
        "params": {
          "baseUrl": "https://123-ABC-456.mktorest.com/rest",
          "clientId": "your-client-id",
          "clientSecret": "your-client-secret",
          "fields": "guid,unsubscribed,address,city,gender,firstName,lastName"
        }
      }
    ]
  },
  "datasource.read.sftp": {
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
    ]
  },
  "datasource.read.silverpop": {
    "notes": "The list is exported by the XML API (`ExportList`, CSV), the job waited for (`GetJobStatus`), and its file read from `/download` of the SFTP server as a stream.\n\n- **Delta**: contacts changed since the last successful run, by the platform’s own date of change. Its dates have no time zone, so 14 hours are added at both ends: some contacts come twice, none is missed. **All records**: the whole list.\n- All contacts are exported, also those that are opted out or undeliverable (`EXPORT_TYPE` ALL); take a column along that tells them apart.\n- Values are texts as the platform writes them, Yes/No columns `Yes` and `No`; empty ones are null. Names of columns are case-sensitive.\n- Columns are compared with those of the list before the export begins.\n- The file stays on the SFTP server; the platform removes old ones by itself. A broken download goes on where it stopped.\n- Rests on developer.goacoustic.com: XML API overview, ExportList (\"Export from a database\"), GetJobStatus, GetListMetaData. Silverpop’s old hosts (`api5.silverpop.com`, `transfer5.silverpop.com`) ended in 2020; the pod’s number leads to the new API, the SFTP host is yours to give.",
    "faults": [
      {
        "when": "Refused credentials",
        "effect": "The job fails.",
        "remedy": "Check client id, client secret and refresh token, and that they are of this pod."
      },
      {
        "when": "Unknown list or column",
        "effect": "The job fails before anything is exported.",
        "remedy": "Check `listId` and `columns`; names are case-sensitive."
      },
      {
        "when": "The export ends as ERROR or CANCELED",
        "effect": "The job fails.",
        "remedy": "Look at it in Resources, Data Jobs, and run the job again."
      },
      {
        "when": "SFTP login refused",
        "effect": "The job fails.",
        "remedy": "Check host, username and password, and that SFTP is enabled for the user."
      },
      {
        "when": "The file is not on the SFTP server",
        "effect": "The job fails.",
        "remedy": "Use the SFTP login of the user whose refresh token is given."
      },
      {
        "when": "Too many concurrent requests, busy, connection lost",
        "effect": "The call is repeated.",
        "remedy": "None."
      }
    ],
    "limits": [
      "Ten API calls at a time for all that use the organization; one is used.",
      "Exports wait in the platform’s queue of data jobs, for minutes or longer.",
      "Deleted contacts are not told."
    ],
    "examples": [
      {
        "title": "Subscription state by Gigya UID",
        "params": {
          "clientId": "its-client-id",
          "clientSecret": "its-client-secret",
          "refreshToken": "its-refresh-token",
          "podNumber": 5,
          "host": "transfer-campaign-us-5.goacoustic.com",
          "username": "etl@example.com",
          "password": "its-password",
          "listId": "59294",
          "columns": "GigyaUid,EMAIL,Subscribed"
        }
      }
    ]
  },
  "datasource.write.amazon.s3": {
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
    ]
  },
  "datasource.write.azure.blob": {
    "notes": "- The blob is called `blobPrefix` followed by the name of the file, and replaces one of that name.\n- Files of up to 8 MB go up at once, larger ones in blocks of 8 MB, three under way at a time, which become the blob with the last call. Blocks that belong to a failed upload are never seen; the service drops them after a week.\n- Every call may be repeated without harm and is, when the service is busy or the connection is lost.\n- The container must exist. `endpoint` is a choice of this product.\n- **Delivery**: files go up one after the other in the order they come, and a failure stops the rest.",
    "faults": [
      {
        "when": "The account key does not fit (403 AuthenticationFailed)",
        "effect": "The job fails.",
        "remedy": "Check `accountName` and `accountKey`; a clock that is wrong by more than 15 minutes does the same."
      },
      {
        "when": "The container does not exist (404)",
        "effect": "The job fails.",
        "remedy": "Check `container`; it is not made."
      },
      {
        "when": "The account is unknown, or lets this network not in",
        "effect": "The job fails.",
        "remedy": "Check `accountName` or `endpoint`, and the network rules of the account."
      },
      {
        "when": "The storage is busy (429, 5xx) or the connection is lost",
        "effect": "The call is repeated five times, with the pause the service asks for; then the job fails and nothing is seen of the blob.",
        "remedy": "Run the job again."
      },
      {
        "when": "A blob of the name is immutable or leased (409, 412)",
        "effect": "The job fails.",
        "remedy": "Choose another `blobPrefix`, or have the policy or lease removed."
      }
    ],
    "limits": [
      "One file at a time, of up to 390 GiB; 2 GB pass in less than 300 MB of memory.",
      "Blobs are block blobs of the default tier, of type application/octet-stream; metadata and tags are not set."
    ],
    "examples": [
      {
        "title": "Into a virtual folder for each day",
        "params": {
          "accountName": "mycompanydata",
          "accountKey": "bm90IGEgcmVhbCBrZXk=",
          "container": "exports",
          "blobPrefix": "accounts/${now:yyyy-MM-dd}/"
        }
      }
    ]
  },
  "datasource.write.azure.sas": {
    "notes": "- How the original calls the broker is not known. Here: a token is fetched from `loginUrl` + `/oauth2/v2.0/token` with the client credentials (grant `client_credentials`, scope `<clientId>/.default` unless `scope` says otherwise); a `loginUrl` that ends in `/oauth2/token` or `/oauth2/v2.0/token` is taken as it is, and the older of the two gets a `resource` in place of the scope.\n- Then `authenticationUrl` + `blobUri` is called with `Authorization: Bearer`, by GET, and by POST when that answers 405. The answer holds the address with the signature: as plain text, as a JSON text, or anywhere in a JSON object (`sasUri`, `url`, `uri` …); address and signature may be two fields.\n- The signature may be for a container (`sr=c`) or for one blob (`sr=b`). A new one is asked for before it ends (`se`), and once when the storage refuses it.\n- With a signature for a container the blob is called `blobPrefix` followed by the name of the file; with one for a blob it is that blob, and a second file fails the job. A blob of that name is replaced.\n- Files go up as `datasource.write.azure.blob` sends them. `blobPrefix` and `scope` are choices of this product.\n- **Delivery**: files go up one after the other in the order they come, and a failure stops the rest.",
    "faults": [
      {
        "when": "The login refuses the client (400, 401 invalid_client)",
        "effect": "The job fails.",
        "remedy": "Check `loginUrl`, `clientId` and `clientSecret`; secrets of applications end."
      },
      {
        "when": "The broker refuses the token, or does not know the path",
        "effect": "The job fails.",
        "remedy": "Check `authenticationUrl`, `blobUri` and `scope`, and whether the broker knows the application."
      },
      {
        "when": "The answer of the broker holds no signature",
        "effect": "The job fails.",
        "remedy": "Check `blobUri`, and what the broker hands out."
      },
      {
        "when": "The storage refuses the signature (403)",
        "effect": "A new one is asked for once, then the job fails.",
        "remedy": "Have the broker grant c and w; check its clock."
      },
      {
        "when": "Login, broker or storage are busy, or the connection is lost",
        "effect": "The call is repeated, with the pause they ask for.",
        "remedy": "None."
      }
    ],
    "limits": [
      "One file at a time, of up to 390 GiB; 2 GB pass in less than 300 MB of memory.",
      "Testing the connection writes nothing when the signature grants no removing (d)."
    ],
    "examples": [
      {
        "title": "With a broker of your own",
        "params": {
          "loginUrl": "https://login.microsoftonline.com/company.onmicrosoft.com",
          "clientId": "00000000-0000-0000-0000-000000000000",
          "clientSecret": "its-secret",
          "authenticationUrl": "https://sas.example.com",
          "blobUri": "/api/sasstorage/create/"
        }
      }
    ]
  },
  "datasource.write.bluekai": {
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
    ]
  },
  "datasource.write.campaignmonitor": {
    "notes": "API 3.3, `POST /subscribers/{id}/import.json` and `…/unsubscribe.json`. Fields are named like Campaign Monitor’s: `EmailAddress`, `Name`, and the custom fields of the list by name or key, upper or lower case.\n\n- The flag in `newsletterField` decides: true adds or updates, false unsubscribes (one call for each; who is not in the list is as wanted). `1`, `yes`, `0`, `no` … are understood; anything else fails the record.\n- Fields that are no field of the list are not sent; the trace names each once. A null changes nothing, an empty text clears a custom field. A list is sent to a field of several choices; elsewhere lists and objects fail the record.\n- A subscriber that is refused goes to the error path with code and text; an import that is refused as a whole is halved until the records at fault stand alone.\n- Two records with one address are sent in their order.\n- **Delivery**: the same record written twice leaves the same subscriber. No autoresponder is started.\n- Chosen here, where the original is not documented: a record without a flag is not sent, and who left the list is not brought back.",
    "faults": [
      {
        "when": "Invalid API Key (401, code 100)",
        "effect": "The job fails.",
        "remedy": "Take the key from Account settings, API keys; one that was regenerated ends the older one."
      },
      {
        "when": "Invalid ListID (401, code 101)",
        "effect": "The job fails.",
        "remedy": "Take the API subscriber list id from the settings of the list, and a key of the account or client it belongs to."
      },
      {
        "when": "Too Many Requests (429)",
        "effect": "All calls of the step wait until the period of the rate limit ends, and are repeated.",
        "remedy": "Nothing, unless it happens often: then let other programs run at other times."
      },
      {
        "when": "\"Is Unsubscribed\" (206), \"Is Deleted\" (205), \"Is Bounced\" (207), \"Is Unconfirmed\" (208), \"In Suppression List\" (204)",
        "effect": "The record goes to the error path with that code.",
        "remedy": "Clear the flag where it comes from, or, with the consent of these people, turn on \"Subscribe again\"."
      },
      {
        "when": "\"Invalid Email Address\" (1)",
        "effect": "The record goes to the error path with code 1.",
        "remedy": "Correct the address where it comes from."
      },
      {
        "when": "\"Failed to deserialize your request\" (400)",
        "effect": "The import is halved until the record at fault stands alone; it goes to the error path.",
        "remedy": "Look at its fields: one has a value the platform cannot read."
      }
    ],
    "limits": [
      "An import has 1000 subscribers at most; unsubscribing takes one call for each person.",
      "A value of a custom field has 250 characters at most; a longer one fails the record.",
      "Mobile numbers and consent to text messages are not written; addresses are not changed."
    ],
    "examples": [
      {
        "title": "Accounts renamed to the fields of the list",
        "params": {
          "apiKey": "981298u298ue98u219e8u2e98u2",
          "listId": "a58ee1d3039b8bec838e6d1482a8a965",
          "newsletterField": "newsletterField"
        }
      },
      {
        "title": "With consent to come back and to tracking",
        "params": {
          "apiKey": "981298u298ue98u219e8u2e98u2",
          "listId": "a58ee1d3039b8bec838e6d1482a8a965",
          "newsletterField": "data.newsletter",
          "resubscribe": true,
          "consentToTrack": "Yes"
        }
      }
    ]
  },
  "datasource.write.constantcontact": {
    "notes": "The V3 API, `POST /activities/contacts_json_import`. The original used the V2 API, for which no keys are issued any more; the documented parameters are kept: `apiKey` is the client id of the application, `accessToken` a token of the V3 API.\n\n- The field called `newsletterField` decides: true adds or updates, false takes the contact off this list (it is looked up first; who is not in the list is as wanted). `1`, `yes`, `0`, `no` … are understood.\n- `Email` names the contact. Other fields are those of an import (`first_name`, `FIRST NAME` and `FirstName` are the same) and the custom fields of the account by label or name: `Custom Field 1`, `CustomField1`. Fields that are neither are not sent; the trace names each once. Null and empty values change nothing, lists and objects fail the record.\n- An import runs at the platform, and the step waits for its end. The platform tells only how many contacts it left out; the step finds them by reading the list back, and they go to the error path with the reason. An import that is refused or fails as a whole is halved until the records at fault stand alone.\n- Two records with one address are sent in their order.\n- **Delivery**: the same record written twice leaves the same contact.\n- New contacts get the permission `implicit`; who has unsubscribed is never brought back by an import.\n- Chosen here, where the original is not documented: false takes off the list and does not unsubscribe the contact from everything; a record without the flag is not sent.",
    "faults": [
      {
        "when": "Unauthorized (401)",
        "effect": "The token is renewed when there is a refresh token; otherwise the job fails.",
        "remedy": "Give a token that has not ended, or a refresh token of the long-lived kind. Keys of the V2 API do not work."
      },
      {
        "when": "Forbidden (403)",
        "effect": "The job fails.",
        "remedy": "Grant the application the scope contact_data and a user who may manage contacts."
      },
      {
        "when": "The list is not found (404), or its id is no UUID",
        "effect": "The job fails.",
        "remedy": "Take the list_id of the V3 API; `GET /contact_lists/list_id_xrefs` tells it for the number of the V2 API."
      },
      {
        "when": "Too Many Requests (429, throttled)",
        "effect": "All calls of the step pause and are repeated.",
        "remedy": "Lower the calls a second when other programs use the same API key."
      },
      {
        "when": "Limit Exceeded (429, quota_exceeded)",
        "effect": "The job fails.",
        "remedy": "The 10,000 calls of a day are used up; run the job again after midnight UTC."
      },
      {
        "when": "\"The contact has unsubscribed\" (cannot_add_to_list)",
        "effect": "The record goes to the error path. Its other fields were updated.",
        "remedy": "Clear the flag where it comes from, or let the person sign up again by a form of Constant Contact."
      },
      {
        "when": "\"The import left the contact out\"",
        "effect": "The record goes to the error path.",
        "remedy": "Correct the mail address where it comes from."
      },
      {
        "when": "A bulk activity is cancelled or timed out",
        "effect": "The batch is repeated.",
        "remedy": "Run the job again later when it happens often."
      }
    ],
    "limits": [
      "Four calls a second and 10,000 a day for each API key; taking a contact off the list takes one call to find it.",
      "An import has 4 MB and 1000 contacts at most, a contact 25 custom fields of 255 characters; the other fields hold 50, streets 255.",
      "Custom fields must exist in the account. Text message numbers, taggings and notes are not written."
    ],
    "examples": [
      {
        "title": "Accounts renamed to the fields of a contact",
        "params": {
          "apiKey": "client-id-of-the-application",
          "accessToken": "its-token",
          "listId": "06a11efa-5879-4f0e-9f0a-1f3b8a2f4f3e"
        }
      },
      {
        "title": "On a schedule; who never answered is taken off",
        "params": {
          "apiKey": "client-id-of-the-application",
          "accessToken": "its-token",
          "listId": "06a11efa-5879-4f0e-9f0a-1f3b8a2f4f3e",
          "refreshToken": "its-refresh-token",
          "withoutFlag": "unsubscribe"
        }
      }
    ]
  },
  "datasource.write.exacttarget": {
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
    ]
  },
  "datasource.write.external.generic": {
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
    ]
  },
  "datasource.write.ftp": {
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
    ]
  },
  "datasource.write.gigya.account": {
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
    ]
  },
  "datasource.write.gigya.ds": {
    "notes": "Which parameters the original has beside `type` was not found; the others are called as in `ds.store`, and name the fields of the record that hold the values.\n\n- **What is stored**: the record’s `data` when that is an object, as records of the Data Store reader have it; else the record without the fields that name id and account. Names with dots nest. `_response` and `_errorDetails` are never stored.\n- **Types of fields** follow from the suffixes of their names (`_i`, `_f`, `_s`, `_t`, `_b`, `_d`) or from the schema; the platform refuses values of another type.\n- **Delivery**: at least once. `replace` and `arraySet` leave the same object when a call is repeated, `arrayPush` may push elements twice when the first answer was lost. Records without an id get one of ours that stays the same when the call is repeated, so none is stored twice.",
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
        "when": "A field’s value does not fit its type, or its name is not allowed (400006, 400023, 400026)",
        "effect": "The record goes to the error path.",
        "remedy": "Rename or convert the field; names begin with a letter and hold letters, digits and underscores."
      },
      {
        "when": "The object is too large (413003)",
        "effect": "The record goes to the error path.",
        "remedy": "Split the object."
      }
    ],
    "limits": [
      "One call for each record.",
      "An object holds at most 512 KB.",
      "Without a schema field types are told by names only."
    ],
    "examples": [
      {
        "title": "Orders by their number, each of an account",
        "params": {
          "type": "order",
          "oid": "orderNumber",
          "UID": "customerUid"
        }
      },
      {
        "title": "Copy objects that were read from another site",
        "params": {
          "type": "order",
          "updateBehavior": "replace"
        }
      }
    ]
  },
  "datasource.write.gigya.generic": {
    "notes": "- A parameter takes its value from a field of the record (a path such as `_response.UID`) or is a constant. When both are given, the field counts; a record that lacks the field leaves the parameter out.\n- Texts are sent as they are, numbers and booleans as text, objects and lists as JSON, `null` as `null`.\n- Parameters that say who makes a call (`apiKey`, `userKey`, `secret`, `sig`, `timestamp`, `nonce`, `oauth_token`) are refused: give the credentials of the other site instead.\n- Answers that say \"partly done\" (200008 to 200010, 206001 to 206003) count as success.\n- With `addResponse` the answer is found in `_response`, `context` and refusals included.\n- **Delivery**: at least once. A call that got no answer, or a busy one, is repeated; whether that does harm depends on the method.",
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
        "when": "The method does not exist (405001)",
        "effect": "The job fails.",
        "remedy": "Write the method with its namespace, e.g. accounts.deleteAccount."
      },
      {
        "when": "Accounts are deleted while the site sends mails about it (401000 \"Invalid policy configuration\")",
        "effect": "Every record goes to the error path.",
        "remedy": "Turn the account-deleted mail of the site’s policies off for the time of the job."
      }
    ],
    "limits": [
      "One call for each record.",
      "Files cannot be sent."
    ],
    "examples": [
      {
        "title": "Delete accounts",
        "params": {
          "apiMethod": "accounts.deleteAccount",
          "apiParams": [
            {
              "paramName": "UID",
              "sourceField": "UID",
              "value": ""
            }
          ]
        }
      },
      {
        "title": "Lite accounts, with the job that made them",
        "params": {
          "apiMethod": "accounts.importLiteAccount",
          "apiParams": [
            {
              "paramName": "email",
              "sourceField": "email"
            },
            {
              "paramName": "profile",
              "sourceField": "profile"
            },
            {
              "paramName": "context",
              "value": "${jobId}"
            }
          ],
          "maxConnections": 20,
          "addResponse": true
        }
      }
    ]
  },
  "datasource.write.gigya.importaccount": {
    "notes": "The record is the account: its top-level fields are the parameters of `accounts.importFullAccount` (`UID`, `loginIDs`, `emails`, `profile`, `data`, `password`, `isActive`, `lang`, `context` …), their names in any letter case; names with dots nest. An import sends no mails, runs no webhooks and overwrites instead of merging: each group that is sent (`profile`, `data`, `loginIDs` …) replaces the one that is there.\n\n- **Without a UID** a record gets a new one, as `createUID` asks for. It is made here and not by the platform, so that a call that has to be repeated cannot make a second account; `addResponse` tells it as `_response.UID`.\n- **`importPolicy`** of the step counts, whatever the record says.\n- **`handleIdentityConflicts`**: `connect` is seen in real flows; what the platform calls the other way was not found, so `fail` sends nothing and the platform refuses the account.\n- **`context`** of a record comes back in `_response.context`, as text: flows carry values past the import with it.\n- **Delivery**: the same record imported twice leaves the same account with `upsert`. With `insert`, a repeated call whose first answer was lost may be reported as \"identifier exists\" (400003) when the record brought its own UID.\n- The order of records is not kept, so one UID should stand in a job only once.",
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
        "when": "The UID or a login identifier exists (400003)",
        "effect": "The record goes to the error path.",
        "remedy": "Use upsert to overwrite accounts that exist, or look them up first."
      },
      {
        "when": "One UID is imported more than five times within a minute (503001)",
        "effect": "The call is repeated for about half a minute, then the record goes to the error path.",
        "remedy": "Let a UID stand in a job only once."
      }
    ],
    "limits": [
      "One call for each record. The platform recommends at most 200,000 accounts in a file.",
      "The platform takes at most five imports of one UID in a minute.",
      "SAML and OIDC identities cannot be imported."
    ],
    "examples": [
      {
        "title": "Create accounts, or overwrite those that exist",
        "params": {
          "importPolicy": "upsert"
        }
      },
      {
        "title": "Create accounts, take social identities over, keep the answers for a report",
        "params": {
          "importPolicy": "insert",
          "handleIdentityConflicts": "connect",
          "maxConnections": 20,
          "addResponse": true
        }
      }
    ]
  },
  "datasource.write.googlecloud": {
    "notes": "- The id is inferred from that of the same connector in the customer data platform; its parameters are documented there.\n- The object’s name is `objectKeyPrefix`, a slash when it lacks its last one, and the name of the file. The name may hold folders of its own (`success/x.json`). A slash at the head of the prefix is left out.\n- A file longer than 16 MiB goes up in parts of one resumable upload, which nobody sees until the last part is there; a shorter one goes up in one call. An object of the same name is replaced by then.\n- The MD5 of the whole goes with the upload, so bytes that changed on the way are refused before the object appears.\n- A part that is cut is taken up where the server has it. When an upload fails or the job is stopped, it is cancelled; should the process be killed, Google forgets it after a week. Unseen it is in any case.\n- The service account needs `storage.objects.create`, and `storage.objects.delete` to replace objects: the role Storage Object User has both. Where the bucket wants the requester to pay, `projectId` is charged. The test of the connection begins an upload and cancels it.",
    "faults": [
      {
        "when": "privateKey is no PEM block, is not RSA, or is the whole service-account file",
        "effect": "The job does not start; the error names privateKey.",
        "remedy": "Give private_key of the service-account file, the whole PEM block as base64."
      },
      {
        "when": "invalid_grant: the key does not belong to clientEmail, was deleted, or there is no such account",
        "effect": "The job fails before anything is written.",
        "remedy": "Take clientEmail and privateKey from one service-account file whose key still exists."
      },
      {
        "when": "The clock of this machine is wrong",
        "effect": "No token is issued, the job fails and says so.",
        "remedy": "Set the clock of the machine."
      },
      {
        "when": "The account lacks a right (403); to replace an object it must be allowed to delete it",
        "effect": "The job fails and names the right.",
        "remedy": "Give it the role Storage Object User on the bucket."
      },
      {
        "when": "No such bucket (404)",
        "effect": "The job fails.",
        "remedy": "Check bucketName."
      },
      {
        "when": "Too many calls (429), a fault of the server (5xx) or a connection that is cut",
        "effect": "The call is repeated five times with growing pauses; then the job fails and the upload is cancelled.",
        "remedy": "Run the job again; nothing was left under the name."
      },
      {
        "when": "The server cannot be reached, or its certificate has expired",
        "effect": "The job fails and names the cause.",
        "remedy": "Check endpoint, the network, and the certificate."
      },
      {
        "when": "A name is longer than 1024 bytes, or has a part `..`",
        "effect": "The job fails before that file is sent.",
        "remedy": "Change objectKeyPrefix or the name of the file."
      }
    ],
    "limits": [
      "A file may be as long as the bucket allows (5 TiB); an upload holds at most three parts of 16 MiB in memory.",
      "Google lets one object be replaced about once a second; faster writes to the same name are slowed down.",
      "Storage classes, metadata, retention and keys of one’s own for encryption cannot be set; the defaults of the bucket hold."
    ],
    "examples": [
      {
        "title": "To a folder",
        "params": {
          "projectId": "example-project",
          "bucketName": "example-imports",
          "clientEmail": "etl@example-project.iam.gserviceaccount.com",
          "privateKey": "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCg==",
          "objectKeyPrefix": "outbox/"
        }
      },
      {
        "title": "A folder for each day",
        "params": {
          "projectId": "example-project",
          "bucketName": "example-imports",
          "clientEmail": "etl@example-project.iam.gserviceaccount.com",
          "privateKey": "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCg==",
          "objectKeyPrefix": "outbox/${now:yyyy-MM-dd}/"
        }
      }
    ]
  },
  "datasource.write.hybrismarketing": {
    "notes": "Contacts go to the OData service `API_MKT_CONTACT_SRV`, version 4, in `$batch` calls with one changeset for each record: the contact (`ContactOriginData`, origin `Gigya`), its `MarketingPermissions` and its `MarketingSubscriptions` are written together or not at all, and each record gets its own answer.\n\n- All other fields of a record are properties of `ContactOriginData` by their names: `FirstName`, `LastName`, `CityName`, `Country`, `Language`, `GenderCode` (`1` male, `2` female), `BirthDate`, fields of your own such as `YY1_…`. A property that the service does not know fails the record with its text. Rename with `field.rename` and choose with `field.select` before this step.\n- What a record does not have stays as it is (`PATCH`); null clears it. Numbers are sent as texts; a `BirthDate` that is a day gets its time.\n- Flags of consents and subscriptions: `true`, `1`, `yes`, `subscribed`, `false`, `0`, `no` … A flag that is missing, null or empty changes nothing; anything else fails the record, and so does a flag without the mail address or number it stands for.\n- Change times (`OriginDataLastChgUTCDateTime`, permissions, subscriptions) are the start of the job, so that repeating changes nothing; a field `OriginDataLastChgUTCDateTime` of the record is kept. SAP Marketing leaves out data older than what it holds.\n- Refusals are waited for (`Sap-Cuan-ForceSynchronousProcessing`); an import that the system takes in later is to be looked up in its app Import Monitor.\n- **Delivery**: the same record written twice leaves the same contact.\n- Rests on the public metadata of the service, SAP CX Works (\"Best Practices for Importing Interaction Contact Data into SAP Marketing Cloud\") and SAP Community (\"How to use the new Contact OData API\"). Chosen here, where the original is not documented: `consentField`, that subscriptions are by mail and become `MarketingSubscriptions` (the topic is the communication category), and the parallel calls. Names and keys are those of the published metadata of version 3, which version 4 is taken to keep, and `PATCH` is taken to create a contact that is missing; neither was tried with a real system.",
    "faults": [
      {
        "when": "Refused credentials (401)",
        "effect": "The job fails.",
        "remedy": "Check username and password of the communication user."
      },
      {
        "when": "The user may not use the service (403)",
        "effect": "The job fails.",
        "remedy": "Give the communication user an arrangement of the scenario SAP_COM_0207."
      },
      {
        "when": "Not found (404), or an answer that is none of the service",
        "effect": "The job fails.",
        "remedy": "Check the endpoint."
      },
      {
        "when": "A contact is refused: unknown property or category, origin `Gigya` not set up, wrong value, locked contact",
        "effect": "That record goes to the error path with code and text of the system.",
        "remedy": "Mend the field, or set up origin and category in Marketing Cloud (Origins of Contact IDs, Communication Categories)."
      },
      {
        "when": "CSRF token validation failed",
        "effect": "A new session is begun and the call repeated.",
        "remedy": "None."
      },
      {
        "when": "Busy, throttled (429), unreachable",
        "effect": "The call is repeated with growing pauses, or after `Retry-After`.",
        "remedy": "None."
      }
    ],
    "limits": [
      "Up to 50 records in a call, 10 calls at a time.",
      "Objects and lists cannot be sent; flatten or pick before.",
      "Ids and mail addresses of permissions: 255 characters; categories: 10.",
      "Contacts are not deleted; interactions, additional ids and accounts are not written."
    ],
    "examples": [
      {
        "title": "Contacts with a newsletter and a consent",
        "params": {
          "contactField": "UID",
          "endpoint": "https://my300000-api.s4hana.ondemand.com/sap/opu/odata/SAP/API_MKT_CONTACT_SRV;v=0004",
          "username": "GIGYA_INBOUND",
          "password": "its-password",
          "batchSize": 50,
          "emailField": "EmailAddress",
          "mobileField": "MobileNumber",
          "subscriptions": [
            {
              "newsletterField": "data.newsletter",
              "communicationCategory": "NEWS"
            }
          ],
          "consent": [
            {
              "consentField": "preferences.marketing.isConsentGranted",
              "communicationMedium": "EMAIL",
              "communicationType": "EMAIL"
            }
          ]
        }
      }
    ]
  },
  "datasource.write.local": {
    "notes": "On a server, only folders that its operator allows can be written to; from the command line any folder, and relative paths begin at the current one.\n\n- A folder that does not exist is made. A file of the same name is replaced.\n- **Delivery**: a file is written under a hidden name ending in `.uploading`, flushed to disk and renamed when it is complete, so nobody sees half a file. After a failure or a stop nothing is left of it.\n- A name with a path in it is refused.",
    "faults": [
      {
        "when": "The operator does not allow the folder",
        "effect": "The job fails before anything is written.",
        "remedy": "Have the folder allowed, or use another."
      },
      {
        "when": "The system does not permit writing, or part of the path is a file",
        "effect": "The job fails and nothing is left.",
        "remedy": "Check `path`, owner and permissions."
      },
      {
        "when": "The disk is full or the quota used up",
        "effect": "What was written of the file is removed and the job fails.",
        "remedy": "Free space and run the job again."
      }
    ],
    "limits": [
      "One file at a time, of any size. The folder and its temporary names must lie on one file system that can rename."
    ],
    "examples": [
      {
        "title": "Into a folder",
        "params": {
          "path": "/data/outbox"
        }
      }
    ]
  },
  "datasource.write.mailchimp": {
    "notes": "Marketing API 3.0, `POST /lists/{id}` with `update_existing`. `EMAIL` (or `email_address`) names the member; the other fields are merge tags (`FNAME`, `LNAME` …), upper or lower case.\n\n- The flag in `newsletterField` decides: true subscribes, false unsubscribes. `1`, `yes`, `subscribed`, `0`, `no`, `unsubscribed` … are understood; anything else fails the record.\n- Fields that are no merge tag of the list are not sent; the trace names each once. A null changes nothing, an empty text clears the value. Lists and objects cannot be sent, only a merge tag of type address takes an object.\n- `interests` sets groups of the list: a field that is true joins the group, false leaves it, null changes nothing.\n- A member that Mailchimp refuses goes to the error path with its text and error name; a call that is refused as a whole is halved until the records at fault stand alone.\n- Two records with one address are sent in their order. With several calls at a time that holds within 500 records.\n- **Delivery**: the same record written twice leaves the same member.\n- Chosen here, where the original is not documented: the shape of `interests`, and that a record without a flag is not sent, because an unsubscription cannot be taken back by the API.",
    "faults": [
      {
        "when": "API Key Invalid (401)",
        "effect": "The job fails.",
        "remedy": "Give a key that is not revoked, and the API address of its data centre."
      },
      {
        "when": "Resource Not Found (404)",
        "effect": "The job fails.",
        "remedy": "Check the list id (audience id), and that the API address ends with `/3.0/`."
      },
      {
        "when": "\"… is in a compliance state due to unsubscribe, bounce, or compliance review\"",
        "effect": "The record goes to the error path.",
        "remedy": "Who unsubscribed by themselves can come back only by a sign-up form of Mailchimp. Read them with status `unsubscribed` and clear the flag at its origin."
      },
      {
        "when": "\"Your merge fields were invalid\"",
        "effect": "The record goes to the error path, with the tag and what is wrong.",
        "remedy": "Fill the merge fields that the list requires, and give numbers, dates and addresses in their form."
      },
      {
        "when": "\"… looks fake or invalid\"",
        "effect": "The record goes to the error path.",
        "remedy": "Correct the mail address at its origin."
      },
      {
        "when": "Too Many Requests (429): more than ten calls at a time from all that use the account",
        "effect": "All calls of the step pause and are repeated.",
        "remedy": "Lower the parallel calls."
      }
    ],
    "limits": [
      "A call has 500 members at most, and ten calls run at a time for the whole account.",
      "Members are subscribed at once; the confirmation of a double opt-in is not asked for.",
      "Tags, notes, language and marketing permissions are not written; addresses are not changed, members not archived."
    ],
    "examples": [
      {
        "title": "Accounts renamed to merge tags",
        "params": {
          "apiUrl": "https://us6.api.mailchimp.com/3.0/",
          "apiKey": "0123456789abcdef-us6",
          "listId": "a1b2c3d4e5",
          "newsletterField": "newsletterField"
        }
      },
      {
        "title": "With groups; who never answered is unsubscribed",
        "params": {
          "apiUrl": "https://<dc>.api.mailchimp.com/3.0/",
          "apiKey": "0123456789abcdef-us6",
          "listId": "a1b2c3d4e5",
          "newsletterField": "data.newsletter",
          "interests": [
            {
              "field": "data.topics.sport",
              "interestId": "9143cf3bd1"
            }
          ],
          "withoutFlag": "unsubscribe"
        }
      }
    ]
  },
  "datasource.write.marketo": {
    "notes": "Field names of a record are the REST names of lead fields. Fields that a record does not have stay as they are; null clears a value.\n\n- The lead is found by `lookupField` (an addition; `email` is also the platform’s own choice) and created when there is none (`createOrUpdate`).\n- Each lead is answered for itself: one that is skipped goes to the error path with the platform’s code and text, the others on.\n- A call refused as a whole is halved until the records at fault stand alone.\n- **Delivery**: the same record written twice leaves one lead. Two records of one new lead in one job may be written at the same time; set `maxConnections` to 1 where a flow can hold such.",
    "faults": [
      {
        "when": "Refused credentials",
        "effect": "The job fails.",
        "remedy": "Check client id and secret of the custom service, and the base address."
      },
      {
        "when": "Access denied (603)",
        "effect": "The job fails.",
        "remedy": "Give the role of the API user read and write access to leads."
      },
      {
        "when": "Lookup field unknown or not able to find leads (1006, 1011)",
        "effect": "The job fails.",
        "remedy": "Use the REST name of a field that can find leads."
      },
      {
        "when": "A lead is skipped: unknown field (1006), wrong value (1001, 1003), several leads found (1007)",
        "effect": "That record goes to the error path.",
        "remedy": "Mend the field, or merge the leads in Marketo."
      },
      {
        "when": "Daily quota of calls used up (607)",
        "effect": "The job fails.",
        "remedy": "Run it again the next day, or ask for more."
      },
      {
        "when": "Too many calls (606, 615), busy, connection lost",
        "effect": "The call is repeated; all calls of the step pause.",
        "remedy": "None, or fewer parallel calls."
      }
    ],
    "limits": [
      "300 leads and 1 MB in a call.",
      "Five calls a second, so at most 1,500 leads a second.",
      "Leads are not deleted."
    ],
    "examples": [
      {
        "title": "Leads by mail address",
        "params": {
          "baseUrl": "https://123-ABC-456.mktorest.com/rest",
          "clientId": "your-client-id",
          "clientSecret": "your-client-secret"
        }
      }
    ]
  },
  "datasource.write.salesforce": {
    "notes": "Field names of a record are the API names of fields (`LastName`, `UID__c`, in any letter case). A parent is named by its own external id: `Account.UID__c`.\n\n- **Which object**: one whose `primaryId` has the value of the record is updated. When there is none, the one whose `lookupId` has it; it gets the primary id too. When there is none either, one is created. Several with the same `lookupId` refuse the record. Both ids may be the same field.\n- **Empty values**: null, empty texts and fields a record does not have leave the field as it is. The text `#N/A` clears it, as in the data loading tools of Salesforce. Lists become values of a multi-select picklist.\n- **Which API**: records are taken 5,000 at a time. Where 2,000 or more are to be written (`bulkFrom`, an addition) they go by a job of Bulk API 2.0, else by calls of 200 records (sObject collections). Each record is answered for itself in both.\n- A refused record has code 400009 and the text of the platform as its tools write it: `Update failed.Error: REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --`.\n- Two records of the same id in one job are written one after the other, in their order.\n- **Delivery**: writing again finds what was written by its ids. When the answer of a bulk job cannot be had the job fails and names it, because what it did is not known then.\n- The REST version is that of the authentication endpoint, at least 46.0.",
    "faults": [
      {
        "when": "Refused login (INVALID_LOGIN, LOGIN_MUST_USE_SECURITY_TOKEN)",
        "effect": "The job fails; the login is not tried again, so that the user is not locked out.",
        "remedy": "Check user name, password, security token, and login or test in the address."
      },
      {
        "when": "API not enabled (API_DISABLED_FOR_ORG)",
        "effect": "The job fails.",
        "remedy": "Give the profile of the user the permission API Enabled."
      },
      {
        "when": "Unknown primaryId or lookupId, or a primaryId that is no external id",
        "effect": "The job fails before anything is written.",
        "remedy": "Give API names; mark the field as External ID."
      },
      {
        "when": "A required field is missing, a value is too long or wrong, a duplicate is refused",
        "effect": "That record goes to the error path with the code and text of the platform.",
        "remedy": "Mend the record, or the rules in Salesforce."
      },
      {
        "when": "A field Salesforce does not have (INVALID_FIELD)",
        "effect": "Records with that field go to the error path, without a call.",
        "remedy": "Rename or remove the field in an earlier step."
      },
      {
        "when": "Calls of the day used up (REQUEST_LIMIT_EXCEEDED)",
        "effect": "The job fails.",
        "remedy": "Run it again later, or write more records at a time."
      },
      {
        "when": "Session ended, row locked, busy, connection lost",
        "effect": "Logged in again, and repeated.",
        "remedy": "None."
      }
    ],
    "limits": [
      "Leads, contacts and person accounts; no other objects, no deletion.",
      "200 records in a call; 90 MB in a bulk job; 150 million rows a day by bulk jobs.",
      "A bulk job that is running in Salesforce goes on when the job here is stopped.",
      "login() of the SOAP API is how this step signs in. Salesforce has it up to version 64.0, not from 65.0 on, lets new organizations allow it first (Setup > User Interface), and has announced its end for the Summer ’27 release."
    ],
    "examples": [
      {
        "title": "Contacts by the id of the account, then by mail address",
        "params": {
          "username": "integration@example.com",
          "password": "the-password",
          "token": "the-security-token",
          "authEndpoint": "https://login.salesforce.com/services/Soap/u/58.0",
          "objectType": "contact",
          "primaryId": "UID__c",
          "lookupId": "Email"
        }
      },
      {
        "title": "Person accounts of a sandbox",
        "params": {
          "username": "integration@example.com.test",
          "password": "the-password",
          "token": "the-security-token",
          "authEndpoint": "https://test.salesforce.com/services/Soap/u/58.0",
          "objectType": "account",
          "primaryId": "UID__c",
          "lookupId": "PersonEmail"
        }
      }
    ]
  },
  "datasource.write.sftp": {
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
    ]
  },
  "datasource.write.silverpop": {
    "notes": "Contacts are written by the XML API: `AddRecipient` with `UPDATE_IF_FOUND`, 50 in one envelope; each contact is answered for itself.\n\n- **Records, not files**: the original’s template puts a DSV step before this one and the original then imported the file by SFTP, while its console also showed the step right after record steps. Here it takes records, because the answer of an import cannot be told apart by record. In a flow with a DSV step before it remove that step. `host`, `username` and `password` are taken and not used.\n- Fields of a record are columns of the list by their names, which are case-sensitive; only `EMAIL` may be written in any case. A column that the list does not have fails the record with the platform’s text.\n- The contact is found by the unique identifier of the database, which the platform tells, or by `syncFields` when it has none; the record must have those fields.\n- Fields that a record does not have stay as they are; null clears. `true` and `false` are sent as `Yes` and `No`.\n- `newsletterField`: true opts in (`CREATED_FROM` 2, opted-in), false opts out (`OptOutRecipient` after the contact is written); the record then needs `EMAIL`. A flag that is missing, null or empty leaves the status as it is; `1`, `yes`, `subscribed`, `0`, `no`, `unsubscribed` … are understood, anything else fails the record.\n- An envelope that is refused as a whole is halved until the records at fault stand alone.\n- **Delivery**: the same record written twice leaves one contact in the same state.\n- Rests on developer.goacoustic.com: XML API overview, AddRecipient, OptOutRecipient, GetListMetaData. Silverpop’s old addresses (`api5.silverpop.com`) ended in 2020; the pod’s number leads to the new one. Chosen here, where the documentation is silent: that opted-in (2) also takes back an opt-out, and how many contacts an envelope holds.",
    "faults": [
      {
        "when": "Refused credentials",
        "effect": "The job fails.",
        "remedy": "Check client id, client secret and refresh token, and that they are of this pod."
      },
      {
        "when": "Unknown list",
        "effect": "The job fails before anything is written.",
        "remedy": "Check `listId` and the rights of the user."
      },
      {
        "when": "A contact is refused: unknown column, wrong value, wrong address, missing key",
        "effect": "That record goes to the error path with the platform’s text and error number.",
        "remedy": "Rename or mend the field; names of columns are case-sensitive."
      },
      {
        "when": "Too many concurrent requests",
        "effect": "All calls of the step pause and are repeated.",
        "remedy": "Lower the parallel calls."
      },
      {
        "when": "The access token has expired",
        "effect": "A new one is fetched and the call repeated.",
        "remedy": "None."
      },
      {
        "when": "Busy or unreachable",
        "effect": "The call is repeated with growing pauses, or after `Retry-After`.",
        "remedy": "None."
      }
    ],
    "limits": [
      "Ten calls at a time for all that use the organization. 100 contacts in a call at most.",
      "Objects and lists cannot be sent; control characters neither, as XML cannot carry them.",
      "An opt-out is queued by the platform and may happen a little later. Contacts are not deleted.",
      "Contact lists and relational tables are not written; `listId` names a database."
    ],
    "examples": [
      {
        "title": "Accounts with their subscription",
        "params": {
          "clientId": "its-client-id",
          "clientSecret": "its-client-secret",
          "refreshToken": "its-refresh-token",
          "listId": "59294",
          "podNumber": 5,
          "newsletterField": "data.subscribed"
        }
      }
    ]
  },
  "field.add": {
    "notes": "A field that is there already gets the new value. Placeholders are filled once, when the job starts; other text with a dollar sign and braces stays as it is.\n\nWhen a value that is no object stands in the way of a path, the record fails and keeps all its fields.",
    "faults": [
      {
        "when": "A text, number or boolean stands where the path needs an object",
        "effect": "The record goes to the error path with code 400009, with its values as they were.",
        "remedy": "Write to another field, or remove the one in the way first."
      }
    ],
    "limits": [
      "One value for all records of a job; what depends on the record is computed by field.evaluate."
    ],
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
    ]
  },
  "field.array.extract": {
    "notes": "A new record holds the fields named in *propagationFields*, then the fields of the item. Where both have a name, the value of the parent stands. An item that is no object becomes the field `value`.\n\nA record whose list is empty, null or not there gives no record at all. An object in place of the list counts as its only item; any other value fails the record.\n\nWith *generateKey*, each new record has the field `_key`, 32 hexadecimal digits made from the parent record and the place of the item: the same data gets the same key in every run. The original manual does not tell what its key is.",
    "faults": [
      {
        "when": "The field holds a text, number or boolean",
        "effect": "The record goes to the error path with code 400009.",
        "remedy": "Name a field that holds a list; split texts with field.evaluate first: `tags.split(\",\")`."
      }
    ],
    "limits": [
      "All items of one record are in memory at once."
    ],
    "examples": [
      {
        "title": "One record for each achievement",
        "params": {
          "field": "achievements",
          "propagationFields": [
            "UID"
          ]
        },
        "input": [
          {
            "UID": "u1",
            "achievements": [
              {
                "challengeID": "c1",
                "points": 10
              },
              {
                "challengeID": "c2",
                "points": 5
              }
            ]
          },
          {
            "UID": "u2",
            "achievements": []
          }
        ],
        "output": [
          {
            "UID": "u1",
            "challengeID": "c1",
            "points": 10
          },
          {
            "UID": "u1",
            "challengeID": "c2",
            "points": 5
          }
        ]
      },
      {
        "title": "A key for each item, and a value in place of a list",
        "params": {
          "field": "tags",
          "propagationFields": [
            "UID"
          ],
          "generateKey": true
        },
        "input": [
          {
            "UID": "u1",
            "tags": [
              "a"
            ]
          },
          {
            "UID": "u2",
            "tags": "b"
          }
        ],
        "output": [
          {
            "UID": "u1",
            "value": "a",
            "_key": "c9ee83e6c1f8d95bde2f7c5ee94e57c5"
          }
        ],
        "errors": [
          {
            "UID": "u2",
            "tags": "b",
            "_errorDetails": {
              "errorCode": 400009,
              "errorMessage": "Field tags holds a string, but a list is to be extracted. Name a field that holds a list."
            }
          }
        ]
      }
    ]
  },
  "field.array.join": {
    "notes": "Items that are null become empty text; objects and lists inside become JSON. A field that is no list stays as it is.\n\nThe name and the default of *separator* are not known from the original: they are chosen here.",
    "limits": [
      "An item that holds the separator is not marked in any way."
    ],
    "examples": [
      {
        "title": "Interests for a column of a file",
        "params": {
          "field": "data.interests",
          "separator": ";"
        },
        "input": [
          {
            "UID": "u1",
            "data": {
              "interests": [
                "sport",
                "music"
              ]
            }
          },
          {
            "UID": "u2",
            "data": {
              "interests": "none"
            }
          }
        ],
        "output": [
          {
            "UID": "u1",
            "data": {
              "interests": "sport;music"
            }
          },
          {
            "UID": "u2",
            "data": {
              "interests": "none"
            }
          }
        ]
      }
    ]
  },
  "field.ascii": {
    "notes": "The manual's overview promises to \"remove non-ASCII strings\" and names no component for it: id and parameters are chosen here.\n\nTexts in lists and objects are changed too, at any depth; names of fields are not. Transliteration takes marks off letters of the Latin script (é, ñ, ü, ł), writes ß as ss, æ as ae, ø as o, þ as th, and turns typographic quotes, dashes and wide blanks into plain ones.",
    "limits": [
      "Other scripts (Greek, Cyrillic, Chinese) are not transliterated: their characters go.",
      "German umlauts lose their dots: ü becomes u, not ue."
    ],
    "examples": [
      {
        "title": "Removed",
        "params": {
          "fields": [
            "name"
          ]
        },
        "input": [
          {
            "name": "Zoë 😀 Müller",
            "city": "Köln"
          }
        ],
        "output": [
          {
            "name": "Zo  Mller",
            "city": "Köln"
          }
        ]
      },
      {
        "title": "With plain letters, in every field",
        "params": {
          "mode": "transliterate",
          "replacement": "?"
        },
        "input": [
          {
            "name": "Zoë “Ł” Großmann",
            "tags": [
              "Ærø",
              "東"
            ],
            "age": 41
          }
        ],
        "output": [
          {
            "name": "Zoe \"L\" Grossmann",
            "tags": [
              "AEro",
              "?"
            ],
            "age": 41
          }
        ]
      }
    ]
  },
  "field.copy": {
    "notes": "Entries are applied in order; a later one sees the copies of those before it. A record without the source field stays as it is, and a field that stood under the target name is replaced.\n\nWhen a value that is no object stands in the way of the target, the record fails and keeps all its fields.\n\nThe names of the parameters are those of field.rename.",
    "faults": [
      {
        "when": "A text, number or boolean stands where the path needs an object",
        "effect": "The record goes to the error path with code 400009, with its values as they were.",
        "remedy": "Write to another field, or remove the one in the way first."
      }
    ],
    "limits": [
      "A value that is copied into a list needs a place in it."
    ],
    "examples": [
      {
        "title": "The address as login and in the profile",
        "params": {
          "fields": [
            {
              "sourceField": "email",
              "targetField": "loginID"
            },
            {
              "sourceField": "email",
              "targetField": "profile.email"
            }
          ]
        },
        "input": [
          {
            "email": "ann@example.com"
          },
          {
            "UID": "u2"
          }
        ],
        "output": [
          {
            "email": "ann@example.com",
            "loginID": "ann@example.com",
            "profile": {
              "email": "ann@example.com"
            }
          },
          {
            "UID": "u2"
          }
        ]
      }
    ]
  },
  "field.date.format": {
    "notes": "Patterns are those of Java's SimpleDateFormat and DateTimeFormatter: `y M d H h m s S a E D k K z Z X`, text in apostrophes. `YYYY` means the calendar year. Names of months and days are English.\n\n`iso` reads `2024-02-29` and `2024-02-29T12:34:56.789+01:00` (also with a blank in place of T) and writes `yyyy-MM-dd'T'HH:mm:ss.SSSXXX`. `unix` is seconds, `millis` milliseconds since 1970.\n\nReading is strict: 30 February is no date. Two-digit years mean those from 80 years back to 20 years ahead of the start of the job. A time that clocks show twice means the first; one they skip, as much later.\n\nNull, empty text and fields that are not there stay as they are. The original manual does not tell the parameters of this component: they are chosen here.",
    "faults": [
      {
        "when": "A value fits none of the source formats",
        "effect": "The record goes to the error path with code 400009, with its values as they were; the text names field and value.",
        "remedy": "Add the format to the list of source formats."
      }
    ],
    "limits": [
      "Names of zones (CET, EST) are neither read nor written; `z` knows UTC, GMT and offsets.",
      "Weeks (`w`, `W`), eras (`G`) and names in other languages are not known.",
      "Times are exact to the millisecond."
    ],
    "examples": [
      {
        "title": "A birthday as two partners write it",
        "params": {
          "fields": [
            {
              "field": "birthday",
              "sourceFormat": [
                "dd.MM.yyyy",
                "M/d/yyyy"
              ],
              "targetFormat": "yyyy-MM-dd"
            }
          ]
        },
        "input": [
          {
            "birthday": "29.02.2024"
          },
          {
            "birthday": "2/9/2024"
          },
          {
            "birthday": ""
          }
        ],
        "output": [
          {
            "birthday": "2024-02-29"
          },
          {
            "birthday": "2024-02-09"
          },
          {
            "birthday": ""
          }
        ]
      },
      {
        "title": "A time stamp for people in Berlin",
        "params": {
          "fields": [
            {
              "field": "lastLogin",
              "sourceFormat": "millis",
              "targetFormat": "dd MMM yyyy HH:mm XXX",
              "timezone": "Europe/Berlin"
            }
          ]
        },
        "input": [
          {
            "lastLogin": 1709210096789
          }
        ],
        "output": [
          {
            "lastLogin": "29 Feb 2024 13:34 +01:00"
          }
        ]
      },
      {
        "title": "What is no date fails the record",
        "params": {
          "fields": [
            {
              "field": "created",
              "targetFormat": "unix"
            }
          ]
        },
        "input": [
          {
            "created": "2023-02-29"
          }
        ],
        "output": [],
        "errors": [
          {
            "created": "2023-02-29",
            "_errorDetails": {
              "errorCode": 400009,
              "errorMessage": "Field created holds \"2023-02-29\", which is no date of the format iso."
            }
          }
        ]
      }
    ]
  },
  "field.evaluate": {
    "notes": "Expressions are those of Apache Commons JEXL: `eq ne lt gt le ge and or not` or their signs, `? :`, `?:`, `??`, `empty`, `size`, `=~`, arithmetic, and the methods of Java texts such as `.toLowerCase()`.\n\nA field the record does not have is null. `data.subscribed` is the field of that name or the nested one, and `data_subscribed` stands for it too. A name with blanks is written `Custom\\ Field\\ 1`.\n\n`eq` compares across types: `Subscribed eq 'true'` holds for the text and for the boolean. `+` joins two texts, and a text that is no number with anything; null joins as nothing. `'250' + 1` is 251.\n\nEntries are applied in order; a later one sees the results of those before it. When a value cannot be computed with, the record fails and keeps all its fields.",
    "faults": [
      {
        "when": "A value that cannot be computed with: a text that is no number in `*`, a part of a text that does not exist",
        "effect": "The record goes to the error path with code 400011; the text names field, operator and value.",
        "remedy": "Test it first: `age =~ '[0-9]+' ? age * 2 : null`."
      },
      {
        "when": "An expression that is wrong, a method that does not exist, a regular expression that cannot be used",
        "effect": "The flow is refused before it starts; the text names the character and what was expected.",
        "remedy": "Correct the expression at that place."
      }
    ],
    "limits": [
      "An expression has at most 10,000 characters, 200 levels of nesting and 500 parts in a row.",
      "Numbers are those of JSON: whole numbers are exact up to 9,007,199,254,740,991.",
      "Assignments, statements, `new` and functions of namespaces are refused."
    ],
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
    ]
  },
  "field.flatten": {
    "notes": "The members take their own names: `age` of `profile` becomes `age`. A member whose name the record has already takes its path, `profile.age`, so that no value is lost. With *names* set to path, all of them do.\n\nThe members stand where the object stood. Objects inside it stay objects; name them in a later entry to flatten them too. A list stays a list, and a field that is no object, or is not there, stays as it is.\n\nThe original manual does not tell the names the members get: they are chosen here.",
    "limits": [
      "One level of an object is lifted by each entry."
    ],
    "examples": [
      {
        "title": "The profile for a flat target",
        "params": {
          "fields": [
            "profile"
          ]
        },
        "input": [
          {
            "UID": "u1",
            "profile": {
              "age": 41,
              "address": {
                "city": "Bonn"
              }
            },
            "iRank": 3
          }
        ],
        "output": [
          {
            "UID": "u1",
            "age": 41,
            "address": {
              "city": "Bonn"
            },
            "iRank": 3
          }
        ]
      },
      {
        "title": "A name that is taken, and an object inside the object",
        "params": {
          "fields": [
            "profile",
            "address"
          ]
        },
        "input": [
          {
            "email": "a@example.com",
            "profile": {
              "email": "b@example.com",
              "address": {
                "city": "Bonn"
              }
            }
          }
        ],
        "output": [
          {
            "email": "a@example.com",
            "profile.email": "b@example.com",
            "city": "Bonn"
          }
        ]
      },
      {
        "title": "Names with their path",
        "params": {
          "fields": [
            "profile"
          ],
          "names": "path"
        },
        "input": [
          {
            "UID": "u1",
            "profile": {
              "age": 41
            }
          }
        ],
        "output": [
          {
            "UID": "u1",
            "profile.age": 41
          }
        ]
      }
    ]
  },
  "field.hash": {
    "notes": "The text of a value in UTF-8 is hashed; numbers and booleans are taken as text. Null, empty text and fields that are not there stay as they are, for the hash of nothing would look like a person.\n\nFor matching by Google, Meta and the like: *normalize* lowercase for mail addresses, no salt, hexadecimal. Hashing without a salt does not make data anonymous: whoever has a list of addresses can find them again.\n\nA value that is a list has each of its items hashed. An object fails the record: it must not pass unhashed.",
    "faults": [
      {
        "when": "A field holds an object",
        "effect": "The record goes to the error path with code 400009, with its values as they were.",
        "remedy": "Name the member that is meant: profile.email in place of profile."
      }
    ],
    "limits": [
      "A hash cannot be turned back. Copy the field first with field.copy if both are needed."
    ],
    "examples": [
      {
        "title": "A mail address as ad platforms want it",
        "params": {
          "fields": [
            "email"
          ],
          "normalize": "lowercase"
        },
        "input": [
          {
            "email": " Ann@Example.com "
          },
          {
            "email": ""
          }
        ],
        "output": [
          {
            "email": "71d4f55f72fa128dfb468a1a3901507c804b74316488744d769d7f4b16696476"
          },
          {
            "email": ""
          }
        ]
      },
      {
        "title": "Keyed with a secret",
        "params": {
          "fields": [
            "UID"
          ],
          "salt": "example-salt",
          "encoding": "base64url"
        },
        "input": [
          {
            "UID": "u1"
          }
        ],
        "output": [
          {
            "UID": "Sx-p6QfirT9rYu-yD3YAGVjFkEIIGOm7tK7xZipJ30k"
          }
        ]
      }
    ]
  },
  "field.move": {
    "notes": "The fields stand behind the field named in *after*, in the order in which they are listed. A field that a record does not have is left out, and a record without the field *after* stays as it is.\n\nOnly fields of the top level have an order worth changing: a name with a dot means the field of exactly that name.",
    "limits": [
      "Names that are whole numbers (`0`, `17`) always stand first, in order of size: JavaScript objects keep them so."
    ],
    "examples": [
      {
        "title": "The address first, behind the id",
        "params": {
          "fields": [
            "email",
            "country"
          ],
          "after": "UID"
        },
        "input": [
          {
            "UID": "u1",
            "name": "Ann",
            "country": "de",
            "email": "ann@example.com"
          }
        ],
        "output": [
          {
            "UID": "u1",
            "email": "ann@example.com",
            "country": "de",
            "name": "Ann"
          }
        ]
      }
    ]
  },
  "field.remove": {
    "notes": "A field that a record does not have is no error. An object that becomes empty stays.",
    "limits": [
      "An item that is removed from a list moves the later ones up."
    ],
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
    ]
  },
  "field.rename": {
    "notes": "Entries are applied in order. A record without the source field stays as it is, and a field that stood under the target name is replaced.\n\nA top-level field keeps its place under its new name, so the columns of a file keep their order. A value that comes out of an object, or goes into one, stands last.\n\nAn object that becomes empty stays: rename `profile.email`, then remove `profile` with field.remove.\n\nWhen a value that is no object stands in the way of the target, the record fails and keeps all its fields.",
    "faults": [
      {
        "when": "A text, number or boolean stands where the path needs an object",
        "effect": "The record goes to the error path with code 400009, with its values as they were.",
        "remedy": "Write to another field, or remove the one in the way first."
      }
    ],
    "limits": [
      "A value that moves into a list needs a place in it: `emails.0` to `emails.<length>`."
    ],
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
    ]
  },
  "field.replace": {
    "notes": "Expressions are those of Java (`java.util.regex`): classes with `&&`, `\\p{Alpha}`, `\\p{IsLatin}`, `\\Q…\\E`, flags such as `(?i)`, named groups, lookaround and references. `\\w`, `\\d` and `(?i)` mean ASCII, `\\b` knows letters of every script, as in Java.\n\nEntries are applied in order. Texts in lists and objects are changed too, at any depth; names of fields, numbers and booleans are not.\n\nWhatever the expression, matching ends in good time: what could backtrack without end runs on an engine that takes time in proportion to the length of the text.",
    "faults": [
      {
        "when": "Possessive quantifiers (`a++`), `(?>…)`, `\\G`, `\\X`, `\\b{g}`, the flag `U`, blocks (`\\p{InGreek}`)",
        "effect": "The flow is refused before it starts; the text names the place in the expression.",
        "remedy": "Leave the last `+` out, write `(?:…)`, name a script (`\\p{IsGreek}`)."
      },
      {
        "when": "Nested repetition together with lookaround, a reference to a group or `(?m)`",
        "effect": "The flow is refused before it starts: no engine could promise an end.",
        "remedy": "Repeat single characters or classes only."
      },
      {
        "when": "A very long text meets lookaround, a reference, `(?m)`, or `$` behind nested repetition",
        "effect": "The record goes to the error path with code 400124; the text tells the greatest length.",
        "remedy": "Write the expression without these, or `\\z` in place of `$`."
      }
    ],
    "limits": [
      "An expression has at most 10,000 characters.",
      "An empty match never stands between the two halves of a character beyond U+FFFF, where Java would put one.",
      "A search of one text that begins anew at every match ends after 5 seconds, and the record fails."
    ],
    "examples": [
      {
        "title": "A phone number, and blanks at both ends of every field",
        "params": {
          "fields": [
            {
              "field": "phone",
              "regex": "[^0-9+]",
              "replacement": ""
            },
            {
              "field": "*",
              "regex": "^\\s+|\\s+$",
              "replacement": ""
            }
          ]
        },
        "input": [
          {
            "phone": "+49 (30) 12-34",
            "name": "  Ann ",
            "tags": [
              " a",
              "b "
            ],
            "age": 41
          }
        ],
        "output": [
          {
            "phone": "+49301234",
            "name": "Ann",
            "tags": [
              "a",
              "b"
            ],
            "age": 41
          }
        ]
      },
      {
        "title": "Groups change places",
        "params": {
          "fields": [
            {
              "field": "name",
              "regex": "(?<last>\\w+), (?<first>\\w+)",
              "replacement": "${first} ${last}"
            }
          ]
        },
        "input": [
          {
            "name": "Berg, Ann"
          }
        ],
        "output": [
          {
            "name": "Ann Berg"
          }
        ]
      }
    ]
  },
  "field.select": {
    "notes": "Fields keep the order they have in the record; field.move changes it. A field that a record does not have is no error.\n\nOf an object, `profile.email` keeps that member alone, and `profile` all of them. A path that leads through a list keeps the whole list.",
    "limits": [
      "The members that are kept of one object stand in the order in which they are named."
    ],
    "examples": [
      {
        "title": "A column and one member of an object",
        "params": {
          "fields": [
            "profile.email",
            "UID"
          ]
        },
        "input": [
          {
            "UID": "u1",
            "created": 1,
            "profile": {
              "email": "ann@example.com",
              "age": 41
            }
          },
          {
            "UID": "u2"
          }
        ],
        "output": [
          {
            "UID": "u1",
            "profile": {
              "email": "ann@example.com"
            }
          },
          {
            "UID": "u2"
          }
        ]
      }
    ]
  },
  "file.compress.gzip": {
    "notes": "Compression runs beside the other steps, on a second processor core where there is one.",
    "limits": [
      "Files of any size; the size of the original is kept modulo 4 GB only, which is how gzip does it."
    ],
    "examples": [
      {
        "title": "Fast compression",
        "params": {
          "level": 1
        }
      }
    ]
  },
  "file.compress.lzo": {
    "notes": "Fast rather than small: about a quarter larger than gzip. Asked for by Krux (Salesforce DMP) and other systems on Hadoop.\n\n- The format is that of `lzop`: LZO1X-1, blocks of 256 KB, each with the Adler-32 sum of its data. `lzop -d` and Hadoop’s LzopCodec read it.\n- With `createIndexFile` a second file follows, `name.lzo.index`: the position of each block, 8 bytes each, most significant first, as the indexer of hadoop-lzo makes it. Hadoop needs it to split the file among machines.\n- The header keeps the name of the file and its time, which is the start of the job when the file has none.",
    "limits": [
      "Runs on the thread that moves the records, at about 90 MB/s.",
      "There are no levels: always LZO1X-1, which is what `lzop -3` uses."
    ],
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
    ]
  },
  "file.compress.zip": {
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
    ]
  },
  "file.decrypt.pgp": {
    "notes": "Reads what GnuPG, PGP and other OpenPGP programs write: armoured or binary, compressed or not, with MDC or AEAD protection.\n\n- A file is decrypted into the job’s spool folder first. **Nothing of it is handed on before its integrity was found right**, so a file that was tampered with or cut off never becomes records or an upload.\n- `privateKey` is the armoured text of the key, base64 of that text, or base64 of the key’s binary file (`gpg --export-secret-keys NAME`). Several may follow each other; then any of them may be the one.\n- Files are decrypted with expired and revoked keys too: they were encrypted before.\n- With `verificationKeys` a file must carry a good signature by one of these keys. Without it signatures are not looked at.\n- The original’s parameters are not documented; `privateKey` and `passphrase` are the names chosen here, `verificationKeys` is an addition.",
    "faults": [
      {
        "when": "The file is encrypted for other keys",
        "effect": "The job fails; the message lists the keys it is for.",
        "remedy": "Correct privateKey, or have the file encrypted for it."
      },
      {
        "when": "The passphrase is missing or wrong",
        "effect": "The job fails before a file is decrypted.",
        "remedy": "Set or correct passphrase."
      },
      {
        "when": "The file was changed, damaged or cut off",
        "effect": "The job fails; nothing of the file was handed on.",
        "remedy": "Have it sent again; ask the sender who could have changed it."
      },
      {
        "when": "With verificationKeys: the file is not signed, or not by one of these keys, or the signature is not good",
        "effect": "The job fails; nothing of the file was handed on.",
        "remedy": "Have the sender sign it, or correct verificationKeys."
      },
      {
        "when": "The file has no integrity protection (very old programs)",
        "effect": "The job fails.",
        "remedy": "Have it encrypted by a current program."
      }
    ],
    "limits": [
      "The spool folder holds the decrypted file until it has been handed on, readable by the service’s user only.",
      "The first 256 MB of output are free of maxExpansion.",
      "Files encrypted with a password in place of a key, and detached signatures, are not handled."
    ],
    "examples": [
      {
        "title": "With a key that has no passphrase",
        "params": {
          "privateKey": "xVgEZZIAgBYJKwYBBAHaRw8BAQdAaV227u1X9XXxEq5KyE77oS2kFpCPFoBM7XrkUy2RFlgAAQCjEjW6i5MNe5iLy5ZmAmvwG2cAO0w5pFS+gbjoOYsL5Q5fzRtFeGFtcGxlIDxmaWxlc0BleGFtcGxlLmNvbT7CwBMEExYKAIUFgmWSAIADCwkHCRDzjHr3Fxt/OEUUAAAAAAAcACBzYWx0QG5vdGF0aW9ucy5vcGVucGdwanMub3JnlNoBCEuQpOKP8AnWqNWldGFOPknAcDQLuHmqWbX/bNkFFQoIDgwEFgACAQIZAQKbAwIeARYhBCMyFf0gjysbKQdNLfOMevcXG384AADNRwD+KWMEZUdfYfTRC9ElO3vIGPLX/ZmTQzLtwfXXnWbMaAQA/AiXGEMTVTj3BumWwoaE7R3LNuVRo3TcCfNuv/QQtJcFx10EZZIAgBIKKwYBBAGXVQEFAQEHQLdxPicVr+qsKBOq8LJ106pFFhx5KscPX2/sksPgNjx4AwEIBwAA/2XSnD9fkc1+N7ZRnfGogZyxAL4i0RXVIEeD+k39YV4QESbCvgQYFgoAcAWCZZIAgAkQ84x69xcbfzhFFAAAAAAAHAAgc2FsdEBub3RhdGlvbnMub3BlbnBncGpzLm9yZ5ruEOKwhWeLpfQKtMxau8nssy4+XnDJ4D4Mo2oSBWpjApsMFiEEIzIV/SCPKxspB00t84x69xcbfzgAAB54AP9e/Q8SzilXiMFtIEfBrYqV52LkWIrSmotICt3VaJ2T6QEA+8LP/lDZd8lW0BToF86vDzHPwJbeOkUUaqT6wO5BsQo="
        },
        "inputFiles": {
          "accounts.csv.asc": "-----BEGIN PGP MESSAGE-----\n\nwV4DUZT09ejp1p4SAQdAR5Q+v2BuOypY7dwBFgX0srtr9gfsTtEETqJi213U\ncCkw32ckZBORXG1kxYSwGTivR56zKUUFKwujBfyn3CXau0EdTnsQwGYS4VTK\nsaQmrnLh0k0BjiaFduhxAQkf2YTD3K/VOLmddtwaGH5fuvhNid3OlswJJIUO\nwasCjtJVh+8P62xZoxKfieGOegthrq3kJuspYLsEy9Z6OQQwoo/5MA==\n=SrU9\n-----END PGP MESSAGE-----"
        },
        "outputFiles": {
          "accounts.csv": "UID,email\n1,ann@example.com\n"
        }
      }
    ]
  },
  "file.empty": {
    "notes": "Records are passed over. When the last has passed, one file of zero bytes is made, also when there was none.\n\nTo say that a data file is complete, lead both into one file writer and name this step last in the `next` list of the step before: files are uploaded in that order, and the marker only when the data file was.",
    "limits": [
      "The file is made at the end of the job’s records; it does not know whether a writer elsewhere in the flow succeeded."
    ],
    "examples": [
      {
        "title": "After two records",
        "params": {
          "fileName": "accounts.done"
        },
        "input": [
          {
            "a": 1
          },
          {
            "a": 2
          }
        ],
        "outputFiles": {
          "accounts.done": ""
        }
      },
      {
        "title": "After none",
        "params": {
          "fileName": "accounts.done"
        },
        "input": [],
        "outputFiles": {
          "accounts.done": ""
        }
      }
    ]
  },
  "file.encrypt.pgp": {
    "notes": "OpenPGP (RFC 9580 and 4880): read by GnuPG, PGP and every other OpenPGP program. Files of any size stream through.\n\n- `publicKey` is the armoured text of the key, base64 of that text, or base64 of the key’s binary file. Line breaks lost on the way, or written as `\\n`, do not matter.\n- **Several recipients**: put their armoured keys one after the other; each of them can decrypt the file.\n- `armor` makes text (`name.asc`) in place of bytes (`name.pgp`), a third larger.\n- **Signing** is an addition to the original: with `signingKey` the receiver can prove who sent the file and that it is complete.\n- The file is not compressed: put a compressing step before this one.\n- Keys are checked before the first file: expired, revoked and too weak ones fail the job at once.\n- What `publicKey` may look like and what `armor` means is not documented in the original; both are chosen here.",
    "faults": [
      {
        "when": "A key is expired or revoked",
        "effect": "The job fails before a file is encrypted; the message names the key.",
        "remedy": "Ask its owner for a new one."
      },
      {
        "when": "A key has no part for encryption, or is weaker than RSA with 2,048 bits",
        "effect": "The job fails before a file is encrypted.",
        "remedy": "Ask for a key with an encryption subkey: gpg --quick-generate-key NAME default default."
      },
      {
        "when": "The passphrase of the signing key is missing or wrong",
        "effect": "The job fails before a file is encrypted.",
        "remedy": "Set or correct signingPassphrase."
      }
    ],
    "limits": [
      "About 100 MB/s; a 2 GB file needs under 300 MB of memory.",
      "Encryption by password, and detached signatures, are not handled."
    ],
    "examples": [
      {
        "title": "Bytes for one recipient",
        "params": {
          "publicKey": "xjMEZZIAgBYJKwYBBAHaRw8BAQdAaV227u1X9XXxEq5KyE77oS2kFpCPFoBM7XrkUy2RFljNG0V4YW1wbGUgPGZpbGVzQGV4YW1wbGUuY29tPsLAEwQTFgoAhQWCZZIAgAMLCQcJEPOMevcXG384RRQAAAAAABwAIHNhbHRAbm90YXRpb25zLm9wZW5wZ3Bqcy5vcmeU2gEIS5Ck4o/wCdao1aV0YU4+ScBwNAu4eapZtf9s2QUVCggODAQWAAIBAhkBApsDAh4BFiEEIzIV/SCPKxspB00t84x69xcbfzgAAM1HAP4pYwRlR19h9NEL0SU7e8gY8tf9mZNDMu3B9dedZsxoBAD8CJcYQxNVOPcG6ZbChoTtHcs25VGjdNwJ826/9BC0lwXOOARlkgCAEgorBgEEAZdVAQUBAQdAt3E+JxWv6qwoE6rwsnXTqkUWHHkqxw9fb+ySw+A2PHgDAQgHwr4EGBYKAHAFgmWSAIAJEPOMevcXG384RRQAAAAAABwAIHNhbHRAbm90YXRpb25zLm9wZW5wZ3Bqcy5vcmea7hDisIVni6X0CrTMWrvJ7LMuPl5wyeA+DKNqEgVqYwKbDBYhBCMyFf0gjysbKQdNLfOMevcXG384AAAeeAD/Xv0PEs4pV4jBbSBHwa2Kledi5FiK0pqLSArd1Widk+kBAPvCz/5Q2XfJVtAU6BfOrw8xz8CW3jpFFGqk+sDuQbEK"
        }
      },
      {
        "title": "Armoured",
        "params": {
          "publicKey": "xjMEZZIAgBYJKwYBBAHaRw8BAQdAaV227u1X9XXxEq5KyE77oS2kFpCPFoBM7XrkUy2RFljNG0V4YW1wbGUgPGZpbGVzQGV4YW1wbGUuY29tPsLAEwQTFgoAhQWCZZIAgAMLCQcJEPOMevcXG384RRQAAAAAABwAIHNhbHRAbm90YXRpb25zLm9wZW5wZ3Bqcy5vcmeU2gEIS5Ck4o/wCdao1aV0YU4+ScBwNAu4eapZtf9s2QUVCggODAQWAAIBAhkBApsDAh4BFiEEIzIV/SCPKxspB00t84x69xcbfzgAAM1HAP4pYwRlR19h9NEL0SU7e8gY8tf9mZNDMu3B9dedZsxoBAD8CJcYQxNVOPcG6ZbChoTtHcs25VGjdNwJ826/9BC0lwXOOARlkgCAEgorBgEEAZdVAQUBAQdAt3E+JxWv6qwoE6rwsnXTqkUWHHkqxw9fb+ySw+A2PHgDAQgHwr4EGBYKAHAFgmWSAIAJEPOMevcXG384RRQAAAAAABwAIHNhbHRAbm90YXRpb25zLm9wZW5wZ3Bqcy5vcmea7hDisIVni6X0CrTMWrvJ7LMuPl5wyeA+DKNqEgVqYwKbDBYhBCMyFf0gjysbKQdNLfOMevcXG384AAAeeAD/Xv0PEs4pV4jBbSBHwa2Kledi5FiK0pqLSArd1Widk+kBAPvCz/5Q2XfJVtAU6BfOrw8xz8CW3jpFFGqk+sDuQbEK",
          "armor": true
        }
      }
    ]
  },
  "file.format.aam": {
    "notes": "One line for each user: the user id, a tab, and the fields as `\"key\"=\"value\"` pairs, in UTF-8. So Adobe’s pages *Inbound Data File Contents* and *Name Requirements for Inbound Data Files* have it.\n\n- The file is called `ftp_dpm_DPID_TIMESTAMP.sync`; the time is that of the job’s start, in seconds since 1970. Further parts end in `.sync.1`, `.sync.2` … A gzip step behind adds `.gz`, which Audience Manager reads.\n- `overwrite` makes it `.overwrite`: Audience Manager then forgets what it knew of these users from this data source.\n- Fields become keys by their name: rename them to what the rules of the traits expect. Lists give the key several times, objects dotted keys. Fields without a value are left out, and records without any key too.\n- Fields called `d_sid`, `d_unsid` and `ic` hold numbers of traits and are written as `d_sid=24`.\n- Tabs, line ends and quotes cannot stand in values; they become blanks and apostrophes.\n- The original documents `dpid` only; the other parameters are chosen here after Adobe’s pages.",
    "faults": [
      {
        "when": "A record has no id, or one with a colon or a blank",
        "effect": "It goes to the error path with code 400009; the others are written.",
        "remedy": "Set idField to the field that holds the id sent to Audience Manager."
      }
    ],
    "limits": [
      "Audience Manager reads at most 200 lines for one user, and wants files below 3 GB (FTP) or 5 GB (S3) after compression: it asks to split larger ones, see maxFileSize."
    ],
    "examples": [
      {
        "title": "Fields of profiles as keys",
        "params": {
          "dpid": "1234"
        },
        "input": [
          {
            "UID": "u1",
            "gender": "f",
            "industry": [
              "IT",
              "Law"
            ]
          },
          {
            "UID": "u2",
            "gender": null
          },
          {
            "UID": "a:b",
            "gender": "m"
          }
        ],
        "outputFiles": {
          "ftp_dpm_1234_1709210096.sync": "u1\t\"gender\"=\"f\",\"industry\"=\"IT\",\"industry\"=\"Law\"\n"
        },
        "errors": [
          {
            "UID": "a:b",
            "gender": "m",
            "_errorDetails": {
              "errorCode": 400009,
              "errorMessage": "The field UID holds a colon or a blank, which Audience Manager does not take in user ids."
            }
          }
        ]
      },
      {
        "title": "Traits by number, replacing what was known",
        "params": {
          "dpid": "20914",
          "targetDpid": "1234",
          "idField": "gaid",
          "overwrite": true
        },
        "input": [
          {
            "gaid": "97987bca-ae59-4c7d-94ba-ee4f19ab8c21",
            "d_sid": [
              24,
              26
            ],
            "d_unsid": 28
          }
        ],
        "outputFiles": {
          "ftp_dpm_20914_1234_1709210096.overwrite": "97987bca-ae59-4c7d-94ba-ee4f19ab8c21\td_sid=24,d_sid=26,d_unsid=28\n"
        }
      }
    ]
  },
  "file.format.count": {
    "notes": "The file holds the number in digits, without a line end; `0` when there was no record. It is made when all records have passed.\n\nReceivers compare it with the lines of the data file. Send the same records to both: put both formatters into the `next` of one step, the count last, so that it is uploaded after the data.",
    "limits": [
      "Counts the records that reach this step, not what a target did with them."
    ],
    "examples": [
      {
        "title": "Two records",
        "params": {
          "fileName": "accounts.count"
        },
        "input": [
          {
            "a": 1
          },
          {
            "a": 2
          }
        ],
        "outputFiles": {
          "accounts.count": "2"
        }
      },
      {
        "title": "No record",
        "params": {
          "fileName": "accounts.count"
        },
        "input": [],
        "outputFiles": {
          "accounts.count": "0"
        }
      }
    ]
  },
  "file.format.dsv": {
    "notes": "The columns are the fields of the first batch of records (up to 1,024), in order of appearance, or those listed in `columns`. A field that first shows up later has no column: it is left out and logged once. List the columns when records differ.\n\n- Objects and arrays are written as JSON text in one cell; `null` and missing fields as an empty cell. Rename `profile.email` to a flat name, or list it in `columns` after flattening, to get it as a column of its own.\n- Cells with separators, quotes or line ends are put in quotes; `quoteFields` quotes all of them. A row of a single empty cell is written as `\"\"`, because readers skip blank lines.\n- `dsvFormatVersion` **Standard** follows RFC 4180: quotes inside quotes are doubled, and `escapeCharacter`, which the console always stores as a backslash, is not used. **Escaped** writes the escape character before quotes and before itself instead.\n- `maxFileSize` counts bytes before compression; every part has the header. Parts are `name.csv`, `name_1.csv`, `name_2.csv` …\n- `createEmptyFile` makes a file when there were no records: with the header if `columns` is set, else of zero bytes.\n- UTF-8 without a byte order mark unless `fileCharset` and `byteOrderMark` say otherwise; UTF-16 always has one. A character that the charset lacks becomes `?`, and the trace says so.\n- `escapeFormulas` puts an apostrophe before texts that a spreadsheet would take for a formula (beginning with `=`, `+`, `-`, `@`, a tab or a line end); numbers stay as they are. Off by default, because receivers that are no spreadsheets would keep the apostrophe.\n- Cells of parsed rows that no step changed are copied byte for byte.",
    "faults": [
      {
        "when": "A field first shows up after the columns were settled",
        "effect": "It is left out; the trace names it once.",
        "remedy": "List the fields in columns."
      },
      {
        "when": "A character is not in fileCharset",
        "effect": "It is written as ?; the trace names the first one.",
        "remedy": "Use UTF-8, or replace such characters with field.replace before."
      }
    ],
    "limits": [
      "Columns are settled by the first records; see `columns`.",
      "`maxFileSize` counts the bytes as UTF-8, before they are converted to another charset.",
      "A cell may be as long as a text in memory can be (about 500 MB)."
    ],
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
    ]
  },
  "file.format.json": {
    "notes": "UTF-8 without a byte order mark, one record on each line in either layout. With `wrapField` the list stands in an object: `{\"name\":[…]}`.\n\n- `maxFileSize` counts bytes before compression; each part is a complete JSON file. Parts are `name.json`, `name_1.json`, `name_2.json` …\n- `createEmptyFile` makes a file with an empty list when there were no records (zero bytes in the layout `lines`).",
    "limits": [
      "A single record may be larger than maxFileSize; it then has a file of its own.",
      "A record that was made deeper than some thousand levels by a script cannot be written and fails the job."
    ],
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
    ]
  },
  "file.format.krux": {
    "notes": "One line for each user: `id^attribute:value;attribute:value,value`, in UTF-8, without a header. So Salesforce’s *Audience Studio Data Import Specification* has it.\n\n- The field `id` is the user’s id as the user matching sent it; the dataflow template renames `UID` to it. Every other field is an attribute of its own name: `g_gender`, `g_age`, `likes` …\n- Lists give several values, of objects in them their `name`; so `likes` can be passed as Gigya has it. Objects give one attribute for each of their fields (`g_address.city`). Fields without a value are left out.\n- The characters `^ ; : ,` and line ends separate parts of the line and cannot be escaped; inside values they become blanks.\n- Krux wants files compressed with LZO, with an index: put `file.compress.lzo` with `createIndexFile` behind this step.\n- Krux takes all attributes of a user from each file: send them all, not only those that changed.",
    "faults": [
      {
        "when": "A record has no id",
        "effect": "It goes to the error path with code 400009; the others are written.",
        "remedy": "Rename the field that holds the id to id."
      }
    ],
    "limits": [
      "Values of more than 254 characters are cut, as Krux takes no longer ones; the trace names the attribute once."
    ],
    "examples": [
      {
        "title": "Gender, age and likes of users",
        "params": {
          "fileName": "krux.csv"
        },
        "input": [
          {
            "id": "u1",
            "g_gender": "f",
            "g_age": 34,
            "likes": [
              {
                "name": "Sailing"
              },
              {
                "name": "Rock; Pop"
              }
            ]
          },
          {
            "id": "u2",
            "g_gender": null,
            "g_age": 51
          },
          {
            "g_age": 20
          }
        ],
        "outputFiles": {
          "krux.csv": "u1^g_gender:f;g_age:34;likes:Sailing,Rock Pop\nu2^g_age:51\n"
        },
        "errors": [
          {
            "g_age": 20,
            "_errorDetails": {
              "errorCode": 400009,
              "errorMessage": "The field id is missing or empty; Krux needs it to find the user."
            }
          }
        ]
      }
    ]
  },
  "file.format.mailchimp": {
    "notes": "As Mailchimp’s page *Format Guidelines for Your Import File* has it: UTF-8, commas, a first row with labels.\n\n- Records may have Mailchimp’s own shape (`email_address`, `merge_fields.FNAME`, `tags`) or flat fields; `merge_fields.` is taken off.\n- Names that Mailchimp matches by itself get its labels: `email` and `email_address` Email Address, `FNAME` First Name, `LNAME` Last Name, `ADDRESS` Address, `PHONE` Phone Number, `BIRTHDAY` Birthday, `tags` Tags. Any other field keeps its name.\n- Lists are put together with commas, as tags and groups want it. An address (`addr1`, `addr2`, `city`, `state`, `zip`, `country`) becomes one cell with two blanks between its parts.\n- The overview of the original names a Mailchimp format among its file formats, its list of components does not: this component and its parameters are chosen here. To write into Mailchimp without a file use `datasource.write.mailchimp`.",
    "faults": [
      {
        "when": "Mailchimp says that an address is not valid or a contact was skipped",
        "effect": "Nothing here: the file is right.",
        "remedy": "Mailchimp’s import report names the row and the reason; check email and formats such as MM/DD for birthdays before this step."
      }
    ],
    "limits": [
      "Mailchimp cuts texts at 255 bytes.",
      "Columns are settled by the first batch of records (up to 1,024) unless `columns` lists them; a field that first shows up later is left out and logged once."
    ],
    "examples": [
      {
        "title": "Members as the API has them",
        "params": {
          "fileName": "members.csv"
        },
        "input": [
          {
            "email_address": "ann@example.com",
            "merge_fields": {
              "FNAME": "Ann",
              "ADDRESS": {
                "addr1": "1 High St",
                "addr2": "",
                "city": "Bath",
                "zip": "BA1",
                "country": "GB"
              }
            },
            "tags": [
              "VIP",
              "sailing"
            ]
          }
        ],
        "outputFiles": {
          "members.csv": "Email Address,First Name,Address,Tags\nann@example.com,Ann,1 High St  Bath  BA1  GB,\"VIP,sailing\"\n"
        }
      }
    ]
  },
  "file.format.salesforce": {
    "notes": "As Salesforce’s page *Prepare CSV Files* (Bulk API 2.0) has it: UTF-8, commas, LF, quotes doubled, a first row with the API names of the fields.\n\n- Rename fields to API names first: `FirstName`, `Email`, `Favourite__c`.\n- An object gives a column for each of its fields, `Account.ExternalId__c`: so relations are named by an external id.\n- A list of texts becomes a multi-select picklist, `a;b`. Lists of objects are written as JSON text.\n- A cell that is empty leaves the field in Salesforce as it is. With `clearEmptyFields` the value `null` is written as `#N/A`, which clears it.\n- The overview of the original names a Salesforce format among its file formats, its list of components does not: this component and its parameters are chosen here. To write into Salesforce without a file use `datasource.write.salesforce`.",
    "faults": [
      {
        "when": "Salesforce answers InvalidBatch: Field name not found",
        "effect": "Nothing here: the file is right, the object has no such field.",
        "remedy": "Rename the field to its API name, or leave it out with columns."
      }
    ],
    "limits": [
      "Salesforce takes at most 100 MB in one upload (150 MB after its own base64): larger output becomes several files.",
      "Columns are settled by the first batch of records (up to 1,024) unless `columns` lists them; a field that first shows up later is left out and logged once."
    ],
    "examples": [
      {
        "title": "Contacts of an account, one of whose phone numbers is cleared",
        "params": {
          "fileName": "contacts.csv",
          "clearEmptyFields": true
        },
        "input": [
          {
            "LastName": "Smith, Jr.",
            "Phone": null,
            "Account": {
              "ExternalId__c": "A-1"
            },
            "Interests__c": [
              "Sailing",
              "Rock"
            ]
          },
          {
            "LastName": "Young",
            "Phone": "1",
            "Account": {
              "ExternalId__c": "A-2"
            },
            "Interests__c": []
          }
        ],
        "outputFiles": {
          "contacts.csv": "LastName,Phone,Account.ExternalId__c,Interests__c\n\"Smith, Jr.\",#N/A,A-1,Sailing;Rock\nYoung,1,A-2,\n"
        }
      }
    ]
  },
  "file.parse.dsv": {
    "notes": "The header row names the fields. Names with dots stay as they are (`profile.email` is one flat field).\n\n- Line ends may be LF, CRLF or CR, also mixed; a byte order mark and blank lines are skipped. An empty file, or one with a header only, gives no records.\n- A quote opens a quoted cell at the start of a cell only; elsewhere it is ordinary text. Quotes inside quotes are doubled, or follow the escape character.\n- A name that is empty becomes `column_2` (its number); a name that is repeated gets `_2`, `_3` …; both are logged.\n- A row with another number of columns than the header, with a broken quote, longer than 16 MB, or with bytes that are not of the charset fails: it goes to the error path as `{ _file, _line, _raw }` (at most 10,000 characters) with code 400010, and parsing goes on. A broken quote costs the line where its row begins; the next row is looked for in the following line.\n- A header that cannot be read fails the job.\n- **Types** are inferred only where the text stays the same: `true`, `false`, `12`, `-2.5`. `007`, `+49 30`, `1.50` and numbers with more digits than fit stay text.\n- **Charsets**: a UTF-16 byte order mark always counts. `auto-detect` takes UTF-8 when the first 64 KB are UTF-8, else UTF-16 without a mark if it looks so, else windows-1252. Other names, such as `ISO-8859-1` or `Shift_JIS`, are converted.\n- `addFilename` adds the field `_filename` as the last one.",
    "faults": [
      {
        "when": "A row has another number of columns, a broken quote, or bytes that are not of the charset",
        "effect": "It goes to the error path with code 400010; reading goes on with the next one.",
        "remedy": "The trace names the line; set fileCharset, quoteCharacter or escapeCharacter to what the file has."
      },
      {
        "when": "The header cannot be read",
        "effect": "The job fails.",
        "remedy": "Set columnSeparator and fileCharset to what the file has."
      }
    ],
    "limits": [
      "16 MB for one row, and so for one field; a longer row goes to the error path.",
      "Columns: as many as fit into a row of 16 MB. A row of a million columns becomes a record of a million fields, which takes about 250 MB of memory."
    ],
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
    ]
  },
  "file.parse.json": {
    "notes": "Read element by element, so files of any size pass through little memory.\n\n- A list gives a record for each of its objects. An object gives one record; with `wrapField` it is the object around the list in that field. Objects that follow each other, each on a line of its own (NDJSON) or not, give a record each.\n- An element that is not valid JSON, not an object, or not UTF-8 fails: it goes to the error path as `{ _file, _line, _raw }` (at most 10,000 characters) with code 400010, and reading goes on with the next element. Commas that are missing or doubled between elements are tolerated.\n- The job fails where no next element can be found: the file ends inside an element or before its list is closed, other text follows the list, an element is longer than 64 MB.\n- UTF-8 with or without a byte order mark; UTF-16 when a mark says so; other charsets by `fileCharset`. An empty file gives no records.\n- `addFilename` adds the field `_filename`.",
    "faults": [
      {
        "when": "An element is not valid JSON, no object, not UTF-8, or nested too deep",
        "effect": "It goes to the error path with code 400010; reading goes on with the next one.",
        "remedy": "The trace names the line; have the sender correct it."
      },
      {
        "when": "The file is cut off, or other text follows its list",
        "effect": "The job fails; the elements before have gone on.",
        "remedy": "Have the file sent again; the message names the line."
      }
    ],
    "limits": [
      "64 MB for one element; a longer one fails the job.",
      "1,000 levels of nesting; a deeper element goes to the error path."
    ],
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
    ]
  },
  "file.uncompress.gzip": {
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
    "examples": [
      {
        "title": "Data that repeats itself a lot",
        "params": {
          "maxExpansion": 1000
        }
      }
    ]
  },
  "file.uncompress.lzo": {
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
    "examples": [
      {
        "title": "Data that repeats itself a lot",
        "params": {
          "maxExpansion": 250
        }
      }
    ]
  },
  "file.uncompress.zip": {
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
      "The directory of an archive may have 64 MB: enough for half a million entries with names of usual length.",
      "Not handled: archives in several parts, encrypted file names, bzip2, LZMA, Zstandard."
    ],
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
    ]
  },
  "record.evaluate": {
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
    ]
  },
  "record.filter": {
    "notes": "An addition: the original filters by scripts. This is the same without one, and several times faster.\n\nThe condition is an expression as in `field.evaluate`. What counts as true is what counts in `? :`: false, null, an empty text, 0 and the text `false` do not.\nRecords that do not go on are counted as filtered; with `otherwise` set to `error` they take the error path instead.",
    "faults": [
      {
        "when": "A value cannot be compared or computed with",
        "effect": "The record fails and goes to the error path as it came.",
        "remedy": "Test for the value first, as in `points ne null and points gt 100`."
      }
    ],
    "limits": [
      "One condition over one record; it sees no other records and no state."
    ],
    "examples": [
      {
        "title": "Subscribers only",
        "params": {
          "condition": "subscribed eq 'true'"
        },
        "input": [
          {
            "UID": "u1",
            "subscribed": "true"
          },
          {
            "UID": "u2",
            "subscribed": "false"
          },
          {
            "UID": "u3"
          }
        ],
        "output": [
          {
            "UID": "u1",
            "subscribed": "true"
          }
        ]
      },
      {
        "title": "Those without a mail address to the error path",
        "params": {
          "condition": "not empty profile.email",
          "otherwise": "error"
        },
        "input": [
          {
            "UID": "u1",
            "profile": {
              "email": "a@example.com"
            }
          },
          {
            "UID": "u2",
            "profile": {}
          }
        ],
        "output": [
          {
            "UID": "u1",
            "profile": {
              "email": "a@example.com"
            }
          }
        ],
        "errors": [
          {
            "UID": "u2",
            "profile": {},
            "_errorDetails": {
              "errorCode": 400009,
              "errorMessage": "The condition is not true for this record."
            }
          }
        ]
      }
    ]
  }
};
