// Made by: node apps/docs/generate.ts
import type { CatalogueEntry } from '#dataflow';

/** Every component as data, sorted by id. */
export const catalogue: readonly CatalogueEntry[] = [
  {
    "type": "datasource.lookup.gender",
    "aliases": [],
    "title": "Guess gender",
    "summary": "Guesses the gender from a first name, with the probability of the guess.",
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
    "connects": false
  },
  {
    "type": "datasource.lookup.gigya.account",
    "aliases": [],
    "title": "Look up accounts",
    "summary": "Searches accounts by fields of the records and adds what it finds to them.",
    "kind": "lookup",
    "group": "Lookups",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "select": {
          "type": "string",
          "minLength": 1,
          "title": "Fields",
          "help": "Comma separated fields to fetch, as in the platform’s search language. Aliases with AS work; * takes all that a search returns.",
          "examples": [
            "UID",
            "UID as _UID, profile",
            "*"
          ],
          "language": "gigya-query",
          "source": "obs"
        },
        "from": {
          "default": "accounts",
          "title": "Accounts",
          "help": "`accounts` are full accounts; `emailAccounts` are lite and full ones by mail address.",
          "source": "obs",
          "type": "string",
          "enum": [
            "accounts",
            "emailAccounts"
          ]
        },
        "lookupFields": {
          "minItems": 1,
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "sourceField": {
                "type": "string",
                "minLength": 1,
                "fieldPath": true,
                "title": "Field of the record",
                "help": "Its value is looked for; of a list each value.",
                "source": "obs"
              },
              "gigyaField": {
                "type": "string",
                "pattern": "^[A-Za-z_@$][\\w@$-]*(?:\\.[\\w@$-]+)*$",
                "title": "Field of the account",
                "help": "The searched field.",
                "examples": [
                  "UID",
                  "profile.email",
                  "loginIDs.emails"
                ],
                "source": "obs"
              }
            },
            "required": [
              "sourceField",
              "gigyaField"
            ]
          },
          "title": "Look up by",
          "help": "Pairs of fields that must be equal.",
          "source": "obs"
        },
        "lookupFieldsOperator": {
          "default": "OR",
          "title": "Several pairs",
          "help": "`OR`: one equal pair is enough; `AND`: all must be equal, and a record that lacks one of the fields matches nobody.",
          "source": "obs",
          "type": "string",
          "enum": [
            "OR",
            "AND"
          ]
        },
        "isCaseSensitive": {
          "default": false,
          "title": "Case matters",
          "help": "Upper and lower case must be equal too. In UIDs they always must.",
          "source": "obs",
          "type": "boolean"
        },
        "matchBehavior": {
          "default": "process",
          "title": "One account found",
          "help": "`process`: its fields are added and the record goes on; `error`: the record goes to the error path; `skip`: it ends here.",
          "source": "obs",
          "type": "string",
          "enum": [
            "process",
            "error",
            "skip"
          ]
        },
        "mismatchBehavior": {
          "default": "process",
          "title": "No account found",
          "help": "`process`: the record goes on as it came; `error`: it goes to the error path with code 404000; `skip`: it ends here.",
          "source": "obs",
          "type": "string",
          "enum": [
            "process",
            "error",
            "skip"
          ]
        },
        "multiMatchBehavior": {
          "default": "process",
          "title": "Several accounts found",
          "help": "`process`: goes on with the first account, or with each as the next parameter says; `error`: the record goes to the error path with code 400007; `skip`: it ends here.",
          "source": "obs",
          "type": "string",
          "enum": [
            "process",
            "error",
            "skip"
          ]
        },
        "separateMultiMatches": {
          "default": false,
          "title": "One record for each account",
          "help": "When several accounts are processed, one record goes on for each of them.",
          "source": "obs",
          "type": "boolean"
        },
        "handleFieldConflicts": {
          "default": "take_lookup",
          "title": "Field in both",
          "help": "Which value stays when record and account have the field: that of the account (`take_lookup`) or that of the record (`take_source`).",
          "source": "obs",
          "type": "string",
          "enum": [
            "take_lookup",
            "take_source"
          ]
        },
        "batchSize": {
          "default": 200,
          "title": "Records in a search",
          "help": "Records looked up by one search.",
          "advanced": true,
          "source": "obs",
          "type": "integer",
          "minimum": 1,
          "maximum": 1000
        },
        "maxConcurrency": {
          "default": 1,
          "title": "Parallel searches",
          "help": "Searches at the same time.",
          "advanced": true,
          "source": "obs",
          "type": "integer",
          "minimum": 1,
          "maximum": 100
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
          "multiline": true,
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
        "select",
        "lookupFields"
      ]
    },
    "connects": true
  },
  {
    "type": "datasource.lookup.gigya.gm",
    "aliases": [],
    "title": "Look up challenges",
    "summary": "Adds the status of each account in the challenges of Loyalty (Game Mechanics) as the list achievements.",
    "kind": "lookup",
    "group": "Lookups",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "includeChallenges": {
          "title": "Challenges",
          "help": "Ids of the challenges to tell of, as a list or separated by commas; all when not given or *.",
          "examples": [
            "*",
            "_default,explorer"
          ],
          "source": "doc",
          "anyOf": [
            {
              "type": "string"
            },
            {
              "type": "array",
              "items": {
                "type": "string",
                "minLength": 1
              }
            }
          ]
        },
        "excludeChallenges": {
          "title": "Leave out challenges",
          "help": "Ids of the challenges to leave out, as a list or separated by commas.",
          "source": "doc",
          "anyOf": [
            {
              "type": "string"
            },
            {
              "type": "array",
              "items": {
                "type": "string",
                "minLength": 1
              }
            }
          ]
        },
        "maxConnections": {
          "default": 10,
          "title": "Parallel calls",
          "help": "Accounts looked up at the same time.",
          "source": "obs",
          "type": "integer",
          "minimum": 1,
          "maximum": 100
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
          "multiline": true,
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
    "connects": true
  },
  {
    "type": "datasource.read.amazon.s3",
    "aliases": [],
    "title": "Read files from Amazon S3",
    "summary": "Reads the objects of a bucket whose keys begin with a prefix, by default those that changed since the last successful run.",
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
          "source": "doc",
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
    "connects": true
  },
  {
    "type": "datasource.read.azure.blob",
    "aliases": [],
    "title": "Read from Azure Blob Storage",
    "summary": "Reads the blobs of a container, by default those that changed since the last successful run.",
    "kind": "reader",
    "group": "Readers",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "accountName": {
          "type": "string",
          "pattern": "^[a-z0-9]{3,24}$",
          "title": "Storage account",
          "help": "Name of the storage account.",
          "examples": [
            "mycompanydata"
          ],
          "source": "doc"
        },
        "accountKey": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Account key",
          "help": "One of the two access keys of the storage account.",
          "source": "doc"
        },
        "container": {
          "type": "string",
          "pattern": "^(?:\\$root|\\$web|\\$logs|[a-z0-9](?:-?[a-z0-9]){2,62})$",
          "title": "Container",
          "help": "Name of the container. It must exist.",
          "examples": [
            "exports"
          ],
          "source": "doc"
        },
        "endpoint": {
          "title": "Endpoint",
          "help": "Address of the blob service, for other clouds, private endpoints and emulators; https://<account>.blob.core.windows.net when not given.",
          "examples": [
            "https://mycompanydata.blob.core.chinacloudapi.cn",
            "http://127.0.0.1:10000/devstoreaccount1"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string"
        },
        "blobPrefix": {
          "default": "",
          "title": "Prefix",
          "help": "Only blobs whose whole name begins so are read, in virtual folders too. Empty takes all.",
          "examples": [
            "inbox/",
            "exports/${now:yyyy-MM-dd}/"
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
        "accountName",
        "accountKey",
        "container"
      ]
    },
    "connects": true
  },
  {
    "type": "datasource.read.azure.sas",
    "aliases": [],
    "title": "Read from Azure by signature",
    "summary": "Reads the blobs of a container with a shared access signature that a broker hands out.",
    "kind": "reader",
    "group": "Readers",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "authenticationUrl": {
          "type": "string",
          "title": "Broker",
          "help": "Base address of the service that hands out signatures.",
          "examples": [
            "https://sas.example.com"
          ],
          "source": "doc"
        },
        "blobUri": {
          "type": "string",
          "minLength": 1,
          "title": "Path on the broker",
          "help": "Put behind the address of the broker.",
          "examples": [
            "/api/sasstorage/create/"
          ],
          "source": "doc"
        },
        "loginUrl": {
          "type": "string",
          "title": "Login",
          "help": "The OAuth 2.0 authority, https://login.microsoftonline.com/<tenant>, or the whole address of its token endpoint.",
          "examples": [
            "https://login.microsoftonline.com/company.onmicrosoft.com"
          ],
          "source": "doc"
        },
        "clientId": {
          "type": "string",
          "minLength": 1,
          "title": "Client id",
          "help": "Application (client) id of the registered application.",
          "source": "doc"
        },
        "clientSecret": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Client secret",
          "help": "Secret of that application.",
          "source": "doc"
        },
        "scope": {
          "title": "Scope",
          "help": "What the token is for: the broker, as registered, followed by /.default. When not given, the application itself.",
          "examples": [
            "api://sas-broker/.default"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "blobPrefix": {
          "default": "",
          "title": "Prefix",
          "help": "Only blobs whose whole name begins so are read, in virtual folders too. Empty takes all.",
          "examples": [
            "inbox/",
            "exports/${now:yyyy-MM-dd}/"
          ],
          "placeholders": true,
          "source": "choice",
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
        "authenticationUrl",
        "blobUri",
        "loginUrl",
        "clientId",
        "clientSecret"
      ]
    },
    "connects": true
  },
  {
    "type": "datasource.read.campaignmonitor",
    "aliases": [],
    "title": "Read Campaign Monitor subscribers",
    "summary": "Reads the subscribers of a Campaign Monitor list that have one status, by default those who got it since the last successful run.",
    "kind": "reader",
    "group": "Readers",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "apiKey": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "API key",
          "help": "Of the account or of the client, from Account settings, API keys.",
          "source": "doc"
        },
        "listId": {
          "type": "string",
          "minLength": 1,
          "title": "List id",
          "help": "The API subscriber list id, from the settings of the list (change name/type).",
          "examples": [
            "a58ee1d3039b8bec838e6d1482a8a965"
          ],
          "source": "doc"
        },
        "status": {
          "default": "active",
          "title": "Status",
          "help": "Which subscribers are read.",
          "source": "doc",
          "type": "string",
          "enum": [
            "active",
            "unsubscribed",
            "bounced",
            "deleted",
            "unconfirmed"
          ]
        },
        "targetField": {
          "fieldPath": true,
          "title": "Status field",
          "help": "Field that receives the status.",
          "examples": [
            "data.subscribed"
          ],
          "source": "doc",
          "type": "string",
          "minLength": 1
        },
        "apiUrl": {
          "default": "https://api.createsend.com/api/v3.3/",
          "title": "API address",
          "help": "Where the API is; another one only for a stand-in.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "timeout": {
          "default": 120,
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
        "apiKey",
        "listId"
      ]
    },
    "connects": true
  },
  {
    "type": "datasource.read.constantcontact",
    "aliases": [],
    "title": "Read Constant Contact contacts",
    "summary": "Reads the contacts of a Constant Contact list, by default those that changed since the last successful run.",
    "kind": "reader",
    "group": "Readers",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "apiKey": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "API key",
          "help": "The client id of the application, from the developer portal (My Applications). It is sent only when a token is renewed.",
          "source": "doc"
        },
        "accessToken": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Access token",
          "help": "An OAuth2 token of the V3 API with the scope contact_data. It lives a day at most; give a refresh token for scheduled flows.",
          "source": "doc"
        },
        "listId": {
          "type": "string",
          "minLength": 1,
          "title": "List id",
          "help": "The list_id of the V3 API, a UUID; ids of the older V2 API are numbers and are not known any more.",
          "examples": [
            "06a11efa-5879-4f0e-9f0a-1f3b8a2f4f3e"
          ],
          "source": "doc"
        },
        "refreshToken": {
          "secret": true,
          "title": "Refresh token",
          "help": "Renews the access token when it has ended. Of the long-lived kind: one that changes with each use works only once.",
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "clientSecret": {
          "secret": true,
          "title": "Client secret",
          "help": "Of the application, when it has one; needed only to renew the token.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "callsPerSecond": {
          "default": 4,
          "title": "Calls a second",
          "help": "The platform allows four for each API key.",
          "advanced": true,
          "source": "choice",
          "type": "number",
          "minimum": 0.1,
          "maximum": 1000
        },
        "apiUrl": {
          "default": "https://api.cc.email/v3/",
          "title": "API address",
          "help": "Where the API is; another one only for a stand-in.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "authUrl": {
          "default": "https://authz.constantcontact.com/oauth2/default/v1/token",
          "title": "Token address",
          "help": "Where tokens are renewed; another one only for a stand-in.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "timeout": {
          "default": 120,
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
        "apiKey",
        "accessToken",
        "listId"
      ]
    },
    "connects": true
  },
  {
    "type": "datasource.read.external.generic",
    "aliases": [],
    "title": "Read from any API",
    "summary": "Reads records as JSON from an HTTP endpoint, page by page.",
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
              "onlyWith": {
                "type": [
                  "basic"
                ]
              },
              "source": "choice",
              "type": "string"
            },
            "password": {
              "secret": true,
              "title": "Password",
              "help": "For `basic`.",
              "onlyWith": {
                "type": [
                  "basic"
                ]
              },
              "source": "choice",
              "type": "string",
              "minLength": 1
            },
            "token": {
              "secret": true,
              "title": "Token or key",
              "help": "For `bearer` and `apiKey`.",
              "onlyWith": {
                "type": [
                  "bearer",
                  "apiKey"
                ]
              },
              "source": "choice",
              "type": "string",
              "minLength": 1
            },
            "headerName": {
              "default": "X-API-Key",
              "title": "Header",
              "help": "For `apiKey`: the header the key is sent in.",
              "onlyWith": {
                "type": [
                  "apiKey"
                ]
              },
              "advanced": true,
              "source": "choice",
              "type": "string"
            },
            "authUrl": {
              "title": "Token address",
              "help": "For `oauth2`: where tokens are issued.",
              "onlyWith": {
                "type": [
                  "oauth2"
                ]
              },
              "examples": [
                "https://login.example.com/oauth2/token"
              ],
              "source": "choice",
              "type": "string"
            },
            "clientId": {
              "title": "Client id",
              "help": "For `oauth2`.",
              "onlyWith": {
                "type": [
                  "oauth2"
                ]
              },
              "source": "choice",
              "type": "string"
            },
            "clientSecret": {
              "secret": true,
              "title": "Client secret",
              "help": "For `oauth2`.",
              "onlyWith": {
                "type": [
                  "oauth2"
                ]
              },
              "source": "choice",
              "type": "string",
              "minLength": 1
            },
            "scope": {
              "title": "Scope",
              "help": "For `oauth2`: what the token is asked for, where the issuer wants it told.",
              "onlyWith": {
                "type": [
                  "oauth2"
                ]
              },
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
          "multiline": true,
          "onlyWith": {
            "method": [
              "POST"
            ]
          },
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
              "onlyWith": {
                "type": [
                  "nextUrl",
                  "cursor"
                ]
              },
              "examples": [
                "paging.next"
              ],
              "source": "choice",
              "type": "string"
            },
            "param": {
              "title": "Parameter",
              "help": "For `cursor`, `page` and `offset`: the request parameter that carries mark, number or count.",
              "onlyWith": {
                "type": [
                  "cursor",
                  "page",
                  "offset"
                ]
              },
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
              "onlyWith": {
                "type": [
                  "page"
                ]
              },
              "advanced": true,
              "source": "choice",
              "type": "integer",
              "minimum": 0,
              "maximum": 9007199254740991
            },
            "sizeParam": {
              "title": "Size parameter",
              "help": "Request parameter that asks for the page size.",
              "onlyWith": {
                "type": [
                  "link",
                  "nextUrl",
                  "cursor",
                  "page",
                  "offset"
                ]
              },
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
              "onlyWith": {
                "type": [
                  "link",
                  "nextUrl",
                  "cursor",
                  "page",
                  "offset"
                ]
              },
              "source": "choice",
              "type": "integer",
              "minimum": 1,
              "maximum": 100000
            },
            "in": {
              "default": "query",
              "title": "Where",
              "help": "Whether these parameters stand in the address or in the JSON body.",
              "onlyWith": {
                "type": [
                  "link",
                  "nextUrl",
                  "cursor",
                  "page",
                  "offset"
                ]
              },
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
    "connects": true
  },
  {
    "type": "datasource.read.ftp",
    "aliases": [],
    "title": "Read files from FTP",
    "summary": "Reads the files of a folder on an FTP or FTPS server, by default those that changed since the last successful run.",
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
          "multiline": true,
          "onlyWith": {
            "security": [
              "explicit",
              "implicit"
            ]
          },
          "help": "PEM text (or base64 of it) of the authority that signed the certificate of the server, or of a self-signed certificate itself. The well-known authorities are known anyway.",
          "advanced": true,
          "source": "choice",
          "type": "string"
        },
        "certificateSha256": {
          "title": "Certificate fingerprint",
          "onlyWith": {
            "security": [
              "explicit",
              "implicit"
            ]
          },
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
    "connects": true
  },
  {
    "type": "datasource.read.gigya.account",
    "aliases": [],
    "title": "Read accounts",
    "summary": "Extracts accounts of a site, by default those that changed since the last successful run.",
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
          "multiline": true,
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
    "connects": true
  },
  {
    "type": "datasource.read.gigya.audit",
    "aliases": [],
    "title": "Read the audit log",
    "summary": "Extracts events of the audit log, such as deleted accounts, by default those since the last successful run.",
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
          "help": "Comma separated fields; aliases with AS work; * takes whole events.",
          "examples": [
            "*",
            "uid, endpoint, @timestamp AS time"
          ],
          "language": "gigya-query",
          "source": "doc"
        },
        "from": {
          "default": "auditLog",
          "title": "Log",
          "help": "There is one: auditLog.",
          "advanced": true,
          "source": "inf",
          "type": "string",
          "enum": [
            "auditLog"
          ]
        },
        "where": {
          "title": "Condition",
          "help": "A condition of the search language without the word WHERE. Time marks such as ${now-1h} work when the job pulls all records.",
          "examples": [
            "endpoint = \"accounts.deleteAccount\" AND errCode = \"0\""
          ],
          "language": "gigya-query",
          "formerly": [
            "whereClause"
          ],
          "source": "doc",
          "type": "string"
        },
        "deltaField": {
          "default": "@timestamp",
          "title": "Delta field",
          "help": "Only events whose value, an ISO time, is newer than the last successful run are read, unless the job pulls all records.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
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
        "excludeEmptyFields": {
          "default": false,
          "title": "Leave out empty fields",
          "help": "Nulls, empty texts, lists and objects are left out. Otherwise a selected field that a record lacks is null.",
          "source": "obs",
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
          "multiline": true,
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
    "connects": true
  },
  {
    "type": "datasource.read.gigya.comment",
    "aliases": [],
    "title": "Read comments",
    "summary": "Extracts the comment streams or the comments of a site.",
    "kind": "reader",
    "group": "Readers",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "from": {
          "type": "string",
          "enum": [
            "streams",
            "comments"
          ],
          "title": "Objects",
          "help": "Comment streams, or the comments in them.",
          "source": "obs"
        },
        "where": {
          "title": "Condition",
          "help": "A condition of the search language without the word WHERE. Time marks such as ${now-1h} work when the job pulls all records.",
          "examples": [
            "categoryID = \"comments\"",
            "streamID = \"article-1\""
          ],
          "language": "gigya-query",
          "formerly": [
            "whereClause"
          ],
          "source": "doc",
          "type": "string"
        },
        "batchSize": {
          "title": "Page size",
          "help": "Objects in one page; 300 streams or 100 comments when not given. The platform gives at most 1000; more is read as 1000.",
          "advanced": true,
          "source": "obs",
          "type": "integer",
          "minimum": 1,
          "maximum": 10000
        },
        "deltaField": {
          "title": "Delta field",
          "help": "Field in milliseconds. Only objects whose value is newer than the last successful run are read, unless the job pulls all records.",
          "examples": [
            "timestamp",
            "lastCommentTimestamp"
          ],
          "source": "choice",
          "type": "string",
          "minLength": 1
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
          "multiline": true,
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
        "from"
      ]
    },
    "connects": true
  },
  {
    "type": "datasource.read.gigya.ds",
    "aliases": [],
    "title": "Read the Data Store",
    "summary": "Extracts objects of a Data Store type, by default those that changed since the last successful run.",
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
          "help": "Comma separated fields or objects, as in the platform’s search language; * takes all.",
          "examples": [
            "*",
            "oid, UID, data.total_f AS total"
          ],
          "language": "gigya-query",
          "source": "doc"
        },
        "from": {
          "type": "string",
          "minLength": 1,
          "title": "Type",
          "help": "Type of the Data Store to read.",
          "examples": [
            "order"
          ],
          "source": "doc"
        },
        "where": {
          "title": "Condition",
          "help": "A condition of the search language without the word WHERE. Time marks such as ${now-1h} work when the job pulls all records.",
          "examples": [
            "data.isPaid_b = true",
            "UID IS NOT NULL"
          ],
          "language": "gigya-query",
          "formerly": [
            "whereClause"
          ],
          "source": "doc",
          "type": "string"
        },
        "deltaField": {
          "default": "lastUpdated",
          "title": "Delta field",
          "help": "Only objects whose value is newer than the last successful run are read, unless the job pulls all records.",
          "source": "choice",
          "type": "string",
          "minLength": 1
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
          "multiline": true,
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
        "select",
        "from"
      ]
    },
    "connects": true
  },
  {
    "type": "datasource.read.googlecloud",
    "aliases": [],
    "title": "Read files from Google Cloud Storage",
    "summary": "Reads the objects of a bucket whose names begin with a prefix, by default those that changed since the last successful run.",
    "kind": "reader",
    "group": "Readers",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "projectId": {
          "type": "string",
          "minLength": 1,
          "title": "Project",
          "help": "project_id of the service-account file. It is charged where a bucket wants the requester to pay.",
          "examples": [
            "example-project"
          ],
          "source": "doc"
        },
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
        "clientEmail": {
          "type": "string",
          "format": "email",
          "pattern": "^(?:[A-Za-z0-9_'+\\-]+\\.)*[A-Za-z0-9_'+\\-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\\-]*\\.)+[A-Za-z]{2,}$",
          "title": "Client email",
          "help": "client_email of the service-account file.",
          "examples": [
            "etl@example-project.iam.gserviceaccount.com"
          ],
          "source": "doc"
        },
        "privateKey": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Private key",
          "multiline": true,
          "help": "private_key of the service-account file: the whole PEM block as base64, or as text.",
          "source": "doc"
        },
        "endpoint": {
          "default": "https://storage.googleapis.com",
          "title": "Endpoint",
          "help": "Base address of the JSON API, where it is not Google’s public one.",
          "examples": [
            "https://storage.example.com"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string"
        },
        "oauthEndpoint": {
          "default": "https://oauth2.googleapis.com/token",
          "title": "Token address",
          "help": "token_uri of the service-account file, where it is not Google’s public one.",
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
          "help": "What the names of the objects begin with: Test reads every folder that begins with Test, Test1/a the files of Test1 that begin with a. Empty reads all folders.",
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
          "source": "doc",
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
        "projectId",
        "bucketName",
        "clientEmail",
        "privateKey"
      ]
    },
    "connects": true
  },
  {
    "type": "datasource.read.local",
    "aliases": [],
    "title": "Read local files",
    "summary": "Reads the files of a folder on the machine that runs the dataflow.",
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
    "connects": false
  },
  {
    "type": "datasource.read.mailchimp",
    "aliases": [],
    "title": "Read Mailchimp members",
    "summary": "Reads the members of a Mailchimp list (audience), by default those that changed since the last successful run.",
    "kind": "reader",
    "group": "Readers",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "apiUrl": {
          "type": "string",
          "minLength": 1,
          "title": "API address",
          "help": "With the data centre of the account, which stands at the end of the API key; `<dc>` is replaced by it.",
          "examples": [
            "https://us6.api.mailchimp.com/3.0/",
            "https://<dc>.api.mailchimp.com/3.0/"
          ],
          "source": "doc"
        },
        "apiKey": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "API key",
          "help": "From Account, Extras, API keys; it ends with the data centre: `…-us6`.",
          "source": "doc"
        },
        "listId": {
          "type": "string",
          "minLength": 1,
          "title": "List id",
          "help": "The audience id, from the settings of the audience; not the number in its web address.",
          "examples": [
            "a1b2c3d4e5"
          ],
          "source": "doc"
        },
        "status": {
          "title": "Status",
          "help": "Only members of this status; all but archived ones when not given.",
          "source": "doc",
          "type": "string",
          "enum": [
            "subscribed",
            "unsubscribed",
            "cleaned",
            "pending",
            "transactional",
            "archived"
          ]
        },
        "batchSize": {
          "default": 500,
          "title": "Page size",
          "help": "Members in one page; the platform gives 1000 at most.",
          "advanced": true,
          "source": "doc",
          "type": "integer",
          "minimum": 1,
          "maximum": 1000
        },
        "timeout": {
          "default": 120,
          "title": "Timeout",
          "help": "How long to wait for an answer; the platform itself ends a call after 120.",
          "unit": "seconds",
          "advanced": true,
          "source": "doc",
          "type": "integer",
          "minimum": 1,
          "maximum": 600
        },
        "maxConnections": {
          "default": 4,
          "title": "Parallel calls",
          "help": "Calls at the same time. The platform allows ten for each account, of all that use its API.",
          "advanced": true,
          "source": "doc",
          "type": "integer",
          "minimum": 1,
          "maximum": 10
        },
        "retryIntervalSeconds": {
          "default": 1,
          "title": "Pause before a retry",
          "help": "Before the first repetition of a call that failed for a passing reason; it doubles each time, up to ten seconds or this value.",
          "unit": "seconds",
          "advanced": true,
          "source": "doc",
          "type": "integer",
          "minimum": 0,
          "maximum": 300
        }
      },
      "required": [
        "apiUrl",
        "apiKey",
        "listId"
      ]
    },
    "connects": true
  },
  {
    "type": "datasource.read.marketo",
    "aliases": [],
    "title": "Read leads from Marketo",
    "summary": "Reads leads of Marketo Engage, by default those that changed since the last successful run.",
    "kind": "reader",
    "group": "Readers",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "baseUrl": {
          "type": "string",
          "minLength": 1,
          "title": "Base address",
          "help": "REST endpoint of the subscription, from Admin > Web Services; with or without /rest.",
          "examples": [
            "https://123-ABC-456.mktorest.com/rest"
          ],
          "source": "doc"
        },
        "clientId": {
          "type": "string",
          "minLength": 1,
          "title": "Client id",
          "help": "Client id of the custom service, from Admin > LaunchPoint.",
          "source": "doc"
        },
        "clientSecret": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Client secret",
          "help": "Client secret of the custom service.",
          "source": "doc"
        },
        "fields": {
          "type": "string",
          "pattern": "[^\\s,]",
          "title": "Fields",
          "help": "Comma separated lead fields by their REST names.",
          "examples": [
            "guid,unsubscribed,address,city,gender,firstName,lastName"
          ],
          "source": "doc"
        },
        "createdSince": {
          "title": "Oldest lead",
          "help": "When all records are pulled, leads created before this day (UTC) are not read. Without it reading begins when the subscription was set up.",
          "examples": [
            "2020-01-01"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string",
          "format": "date",
          "pattern": "^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))$"
        }
      },
      "required": [
        "baseUrl",
        "clientId",
        "clientSecret",
        "fields"
      ]
    },
    "connects": true
  },
  {
    "type": "datasource.read.sftp",
    "aliases": [],
    "title": "Read files from SFTP",
    "summary": "Reads the files of a folder on an SFTP server, by default those that changed since the last successful run.",
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
          "multiline": true,
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
    "connects": true
  },
  {
    "type": "datasource.read.silverpop",
    "aliases": [],
    "title": "Read contacts from Silverpop",
    "summary": "Exports a list of Silverpop (IBM Watson Campaign Automation, Acoustic Campaign), by default the contacts that changed since the last successful run.",
    "kind": "reader",
    "group": "Readers",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "clientId": {
          "type": "string",
          "minLength": 1,
          "title": "Client id",
          "help": "Of the application, from Settings, Organization, Application Account Access.",
          "source": "doc"
        },
        "clientSecret": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Client secret",
          "help": "Of the application.",
          "source": "doc"
        },
        "refreshToken": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Refresh token",
          "help": "Of the account that the application may act for; it fetches the access tokens.",
          "source": "doc"
        },
        "listId": {
          "type": "string",
          "pattern": "^\\d+$",
          "title": "List id",
          "help": "Id of the database or contact list.",
          "examples": [
            "59294"
          ],
          "source": "doc"
        },
        "podNumber": {
          "default": 5,
          "title": "Pod",
          "help": "Number of the pod of the organization: 5 for engage5.silverpop.com or us-5. For pod A give apiUrl.",
          "source": "doc",
          "type": "integer",
          "minimum": 1,
          "maximum": 9
        },
        "apiUrl": {
          "title": "API address",
          "help": "Another address than that of the pod, without a path of an API.",
          "examples": [
            "https://api-campaign-ap-1.goacoustic.com"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "timeout": {
          "default": 120,
          "title": "Timeout",
          "help": "How long to wait for an answer.",
          "unit": "seconds",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 10,
          "maximum": 600
        },
        "host": {
          "type": "string",
          "minLength": 1,
          "title": "SFTP host",
          "help": "Where exports are fetched from.",
          "examples": [
            "transfer-campaign-us-5.goacoustic.com"
          ],
          "source": "doc"
        },
        "username": {
          "type": "string",
          "minLength": 1,
          "title": "SFTP user",
          "help": "Whom to log in as: the user of the refresh token, or exports come to another’s folder.",
          "source": "doc"
        },
        "password": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "SFTP password",
          "help": "Of the SFTP user.",
          "source": "doc"
        },
        "columns": {
          "title": "Columns",
          "help": "Comma separated columns to export, as the list writes them; all when empty.",
          "examples": [
            "GigyaUid,EMAIL,Subscribed"
          ],
          "source": "obs",
          "type": "string"
        },
        "port": {
          "default": 22,
          "title": "SFTP port",
          "help": "Port of the SFTP server.",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 65535
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
        }
      },
      "required": [
        "clientId",
        "clientSecret",
        "refreshToken",
        "listId",
        "host",
        "username",
        "password"
      ]
    },
    "connects": true
  },
  {
    "type": "datasource.write.amazon.s3",
    "aliases": [],
    "title": "Write files to Amazon S3",
    "summary": "Uploads files to a folder of a bucket; an object stands under its key only when it is complete.",
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
    "delivery": "published-once",
    "connects": true
  },
  {
    "type": "datasource.write.azure.blob",
    "aliases": [],
    "title": "Write to Azure Blob Storage",
    "summary": "Uploads each file as a blob; it is seen only when it is complete.",
    "kind": "writer",
    "group": "Writers",
    "input": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "accountName": {
          "type": "string",
          "pattern": "^[a-z0-9]{3,24}$",
          "title": "Storage account",
          "help": "Name of the storage account.",
          "examples": [
            "mycompanydata"
          ],
          "source": "doc"
        },
        "accountKey": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Account key",
          "help": "One of the two access keys of the storage account.",
          "source": "doc"
        },
        "container": {
          "type": "string",
          "pattern": "^(?:\\$root|\\$web|\\$logs|[a-z0-9](?:-?[a-z0-9]){2,62})$",
          "title": "Container",
          "help": "Name of the container. It must exist.",
          "examples": [
            "exports"
          ],
          "source": "doc"
        },
        "endpoint": {
          "title": "Endpoint",
          "help": "Address of the blob service, for other clouds, private endpoints and emulators; https://<account>.blob.core.windows.net when not given.",
          "examples": [
            "https://mycompanydata.blob.core.chinacloudapi.cn",
            "http://127.0.0.1:10000/devstoreaccount1"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string"
        },
        "blobPrefix": {
          "default": "",
          "title": "Prefix",
          "help": "Put before the names of the files; with a slash at its end it is a virtual folder.",
          "examples": [
            "inbox/",
            "exports/${now:yyyy-MM-dd}/"
          ],
          "placeholders": true,
          "source": "doc",
          "type": "string"
        }
      },
      "required": [
        "accountName",
        "accountKey",
        "container"
      ]
    },
    "delivery": "published-once",
    "connects": true
  },
  {
    "type": "datasource.write.azure.sas",
    "aliases": [],
    "title": "Write to Azure by signature",
    "summary": "Uploads each file as a blob with a shared access signature that a broker hands out; it is seen only when it is complete.",
    "kind": "writer",
    "group": "Writers",
    "input": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "authenticationUrl": {
          "type": "string",
          "title": "Broker",
          "help": "Base address of the service that hands out signatures.",
          "examples": [
            "https://sas.example.com"
          ],
          "source": "doc"
        },
        "blobUri": {
          "type": "string",
          "minLength": 1,
          "title": "Path on the broker",
          "help": "Put behind the address of the broker.",
          "examples": [
            "/api/sasstorage/create/"
          ],
          "source": "doc"
        },
        "loginUrl": {
          "type": "string",
          "title": "Login",
          "help": "The OAuth 2.0 authority, https://login.microsoftonline.com/<tenant>, or the whole address of its token endpoint.",
          "examples": [
            "https://login.microsoftonline.com/company.onmicrosoft.com"
          ],
          "source": "doc"
        },
        "clientId": {
          "type": "string",
          "minLength": 1,
          "title": "Client id",
          "help": "Application (client) id of the registered application.",
          "source": "doc"
        },
        "clientSecret": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Client secret",
          "help": "Secret of that application.",
          "source": "doc"
        },
        "scope": {
          "title": "Scope",
          "help": "What the token is for: the broker, as registered, followed by /.default. When not given, the application itself.",
          "examples": [
            "api://sas-broker/.default"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "blobPrefix": {
          "default": "",
          "title": "Prefix",
          "help": "Put before the names of the files; with a slash at its end it is a virtual folder.",
          "examples": [
            "inbox/",
            "exports/${now:yyyy-MM-dd}/"
          ],
          "placeholders": true,
          "source": "choice",
          "type": "string"
        }
      },
      "required": [
        "authenticationUrl",
        "blobUri",
        "loginUrl",
        "clientId",
        "clientSecret"
      ]
    },
    "delivery": "published-once",
    "connects": true
  },
  {
    "type": "datasource.write.bluekai",
    "aliases": [],
    "title": "Write to BlueKai",
    "summary": "Sends the fields of each record as attributes of a user to Oracle BlueKai’s User Data API.",
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
    "delivery": "idempotent-by-key",
    "connects": true
  },
  {
    "type": "datasource.write.campaignmonitor",
    "aliases": [],
    "title": "Write Campaign Monitor subscribers",
    "summary": "Adds and updates subscribers of a Campaign Monitor list, 1000 in a call, and unsubscribes those who do not want mails.",
    "kind": "writer",
    "group": "Writers",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "apiKey": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "API key",
          "help": "Of the account or of the client, from Account settings, API keys.",
          "source": "doc"
        },
        "listId": {
          "type": "string",
          "minLength": 1,
          "title": "List id",
          "help": "The API subscriber list id, from the settings of the list (change name/type).",
          "examples": [
            "a58ee1d3039b8bec838e6d1482a8a965"
          ],
          "source": "doc"
        },
        "newsletterField": {
          "type": "string",
          "minLength": 1,
          "fieldPath": true,
          "title": "Flag",
          "help": "Field with the subscription flag.",
          "examples": [
            "newsletterField"
          ],
          "source": "doc"
        },
        "withoutFlag": {
          "default": "skip",
          "title": "Records without a flag",
          "help": "`skip`: nothing is sent, the record goes on by next; `unsubscribe`: as if the flag were false; `reject`: the record goes to the error path.",
          "source": "choice",
          "type": "string",
          "enum": [
            "skip",
            "unsubscribe",
            "reject"
          ]
        },
        "resubscribe": {
          "default": false,
          "title": "Subscribe again",
          "help": "Also subscribes those who unsubscribed, bounced or were deleted. Only with their consent: the law of most countries asks for it.",
          "source": "choice",
          "type": "boolean"
        },
        "consentToTrack": {
          "default": "Unchanged",
          "title": "Consent to tracking",
          "help": "Whether subscribers agreed that their opening and clicking is recorded. The platform asks for it with each subscriber.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "enum": [
            "Yes",
            "No",
            "Unchanged"
          ]
        },
        "maxConnections": {
          "default": 4,
          "title": "Parallel calls",
          "help": "People unsubscribed at the same time; each is a call of its own.",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 20
        },
        "apiUrl": {
          "default": "https://api.createsend.com/api/v3.3/",
          "title": "API address",
          "help": "Where the API is; another one only for a stand-in.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "timeout": {
          "default": 120,
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
        "apiKey",
        "listId",
        "newsletterField"
      ]
    },
    "delivery": "idempotent-by-key",
    "connects": true
  },
  {
    "type": "datasource.write.constantcontact",
    "aliases": [],
    "title": "Write Constant Contact contacts",
    "summary": "Adds and updates contacts of a Constant Contact list in bulk imports of 1000, and takes those off who do not want mails.",
    "kind": "writer",
    "group": "Writers",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "apiKey": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "API key",
          "help": "The client id of the application, from the developer portal (My Applications). It is sent only when a token is renewed.",
          "source": "doc"
        },
        "accessToken": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Access token",
          "help": "An OAuth2 token of the V3 API with the scope contact_data. It lives a day at most; give a refresh token for scheduled flows.",
          "source": "doc"
        },
        "listId": {
          "type": "string",
          "minLength": 1,
          "title": "List id",
          "help": "The list_id of the V3 API, a UUID; ids of the older V2 API are numbers and are not known any more.",
          "examples": [
            "06a11efa-5879-4f0e-9f0a-1f3b8a2f4f3e"
          ],
          "source": "doc"
        },
        "refreshToken": {
          "secret": true,
          "title": "Refresh token",
          "help": "Renews the access token when it has ended. Of the long-lived kind: one that changes with each use works only once.",
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "clientSecret": {
          "secret": true,
          "title": "Client secret",
          "help": "Of the application, when it has one; needed only to renew the token.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "callsPerSecond": {
          "default": 4,
          "title": "Calls a second",
          "help": "The platform allows four for each API key.",
          "advanced": true,
          "source": "choice",
          "type": "number",
          "minimum": 0.1,
          "maximum": 1000
        },
        "apiUrl": {
          "default": "https://api.cc.email/v3/",
          "title": "API address",
          "help": "Where the API is; another one only for a stand-in.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "authUrl": {
          "default": "https://authz.constantcontact.com/oauth2/default/v1/token",
          "title": "Token address",
          "help": "Where tokens are renewed; another one only for a stand-in.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "timeout": {
          "default": 120,
          "title": "Timeout",
          "help": "How long to wait for an answer.",
          "unit": "seconds",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 600
        },
        "withoutFlag": {
          "default": "skip",
          "title": "Records without a flag",
          "help": "`skip`: nothing is sent, the record goes on by next; `unsubscribe`: as if the flag were false; `reject`: the record goes to the error path.",
          "source": "choice",
          "type": "string",
          "enum": [
            "skip",
            "unsubscribe",
            "reject"
          ]
        }
      },
      "required": [
        "apiKey",
        "accessToken",
        "listId"
      ]
    },
    "delivery": "idempotent-by-key",
    "connects": true
  },
  {
    "type": "datasource.write.exacttarget",
    "aliases": [],
    "title": "Write to Salesforce Marketing Cloud",
    "summary": "Inserts and updates rows of a data extension of Marketing Cloud (ExactTarget).",
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
    "delivery": "idempotent-by-key",
    "connects": true
  },
  {
    "type": "datasource.write.external.generic",
    "aliases": [],
    "title": "Write to any API",
    "summary": "Sends records as JSON to an HTTP endpoint, many in a request and many requests at a time.",
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
              "onlyWith": {
                "type": [
                  "basic"
                ]
              },
              "source": "choice",
              "type": "string"
            },
            "password": {
              "secret": true,
              "title": "Password",
              "help": "For `basic`.",
              "onlyWith": {
                "type": [
                  "basic"
                ]
              },
              "source": "choice",
              "type": "string",
              "minLength": 1
            },
            "token": {
              "secret": true,
              "title": "Token or key",
              "help": "For `bearer` and `apiKey`.",
              "onlyWith": {
                "type": [
                  "bearer",
                  "apiKey"
                ]
              },
              "source": "choice",
              "type": "string",
              "minLength": 1
            },
            "headerName": {
              "default": "X-API-Key",
              "title": "Header",
              "help": "For `apiKey`: the header the key is sent in.",
              "onlyWith": {
                "type": [
                  "apiKey"
                ]
              },
              "advanced": true,
              "source": "choice",
              "type": "string"
            },
            "authUrl": {
              "title": "Token address",
              "help": "For `oauth2`: where tokens are issued.",
              "onlyWith": {
                "type": [
                  "oauth2"
                ]
              },
              "examples": [
                "https://login.example.com/oauth2/token"
              ],
              "source": "choice",
              "type": "string"
            },
            "clientId": {
              "title": "Client id",
              "help": "For `oauth2`.",
              "onlyWith": {
                "type": [
                  "oauth2"
                ]
              },
              "source": "choice",
              "type": "string"
            },
            "clientSecret": {
              "secret": true,
              "title": "Client secret",
              "help": "For `oauth2`.",
              "onlyWith": {
                "type": [
                  "oauth2"
                ]
              },
              "source": "choice",
              "type": "string",
              "minLength": 1
            },
            "scope": {
              "title": "Scope",
              "help": "For `oauth2`: what the token is asked for, where the issuer wants it told.",
              "onlyWith": {
                "type": [
                  "oauth2"
                ]
              },
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
          "multiline": true,
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
    "delivery": "at-least-once",
    "connects": true
  },
  {
    "type": "datasource.write.ftp",
    "aliases": [],
    "title": "Write files to FTP",
    "summary": "Uploads files to a folder on an FTP or FTPS server; a file stands under its name only when it is complete.",
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
          "multiline": true,
          "onlyWith": {
            "security": [
              "explicit",
              "implicit"
            ]
          },
          "help": "PEM text (or base64 of it) of the authority that signed the certificate of the server, or of a self-signed certificate itself. The well-known authorities are known anyway.",
          "advanced": true,
          "source": "choice",
          "type": "string"
        },
        "certificateSha256": {
          "title": "Certificate fingerprint",
          "onlyWith": {
            "security": [
              "explicit",
              "implicit"
            ]
          },
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
    "delivery": "published-once",
    "connects": true
  },
  {
    "type": "datasource.write.gigya.account",
    "aliases": [],
    "title": "Write accounts",
    "summary": "Updates one account for each record; the record’s fields become parameters of accounts.setAccountInfo.",
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
          "multiline": true,
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
    "delivery": "idempotent-by-key",
    "connects": true
  },
  {
    "type": "datasource.write.gigya.ds",
    "aliases": [],
    "title": "Write to the Data Store",
    "summary": "Stores each record as an object of the Data Store with ds.store.",
    "kind": "writer",
    "group": "Writers",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "type": {
          "type": "string",
          "minLength": 1,
          "title": "Type",
          "help": "Type of the Data Store that the objects belong to.",
          "examples": [
            "order"
          ],
          "source": "doc"
        },
        "oid": {
          "default": "oid",
          "title": "Field of the object id",
          "help": "Field of the record that holds the id of its object. A record without one gets a new id; `auto` here gives every record a new one.",
          "examples": [
            "oid",
            "orderNumber",
            "auto"
          ],
          "source": "choice",
          "type": "string",
          "minLength": 1,
          "fieldPath": true
        },
        "UID": {
          "default": "UID",
          "title": "Field of the account",
          "help": "Field of the record that holds the UID of the account that its object belongs to. A record without one makes an object of nobody.",
          "source": "choice",
          "type": "string",
          "minLength": 1,
          "fieldPath": true
        },
        "updateBehavior": {
          "default": "arrayPush",
          "title": "Objects that exist",
          "help": "Fields are merged: `arrayPush` puts new elements behind those of an array, `arraySet` replaces arrays. `replace` replaces the whole object.",
          "source": "choice",
          "type": "string",
          "enum": [
            "arrayPush",
            "arraySet",
            "replace"
          ]
        },
        "maxConnections": {
          "default": 10,
          "title": "Parallel calls",
          "help": "Objects stored at the same time.",
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
          "multiline": true,
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
        "type"
      ]
    },
    "delivery": "at-least-once",
    "connects": true
  },
  {
    "type": "datasource.write.gigya.generic",
    "aliases": [],
    "title": "Call a Gigya method",
    "summary": "Calls any method of the REST API once for each record.",
    "kind": "writer",
    "group": "Writers",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "apiMethod": {
          "type": "string",
          "pattern": "^[A-Za-z]\\w*(?:\\.[A-Za-z]\\w*)?$",
          "title": "Method",
          "help": "Method of the REST API with its namespace.",
          "examples": [
            "accounts.deleteAccount",
            "accounts.importLiteAccount",
            "ds.store"
          ],
          "source": "doc"
        },
        "apiParams": {
          "default": [],
          "title": "Parameters",
          "help": "One line for each parameter of the method, from a field of the record or a constant. Objects are sent as JSON.",
          "source": "doc",
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "paramName": {
                "type": "string",
                "minLength": 1,
                "title": "Parameter",
                "help": "Name of the parameter of the method.",
                "source": "doc"
              },
              "sourceField": {
                "title": "Field",
                "help": "Field of the record whose value is sent. A record without the field leaves the parameter out.",
                "source": "doc",
                "type": "string",
                "minLength": 1,
                "fieldPath": true
              },
              "value": {
                "title": "Constant",
                "help": "Value to send for every record, when no field is given. ${jobId}, ${now} and ${apiKey} are filled in.",
                "placeholders": true,
                "source": "doc",
                "type": "string"
              }
            },
            "required": [
              "paramName"
            ]
          }
        },
        "addResponse": {
          "default": false,
          "title": "Add the answer",
          "help": "Adds the platform’s answer to the record as `_response`, on refusals too.",
          "source": "doc",
          "type": "boolean"
        },
        "maxConnections": {
          "default": 10,
          "title": "Parallel calls",
          "help": "Calls at the same time.",
          "source": "obs",
          "type": "integer",
          "minimum": 1,
          "maximum": 100
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
          "multiline": true,
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
        "apiMethod"
      ]
    },
    "delivery": "at-least-once",
    "connects": true
  },
  {
    "type": "datasource.write.gigya.importaccount",
    "aliases": [],
    "title": "Import accounts",
    "summary": "Creates or replaces one full account for each record with accounts.importFullAccount.",
    "kind": "writer",
    "group": "Writers",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "importPolicy": {
          "default": "insert",
          "title": "Existing accounts",
          "help": "`insert` refuses an account whose UID exists; `upsert` overwrites it.",
          "source": "obs",
          "type": "string",
          "enum": [
            "insert",
            "upsert"
          ]
        },
        "handleIdentityConflicts": {
          "default": "fail",
          "title": "Identity conflicts",
          "help": "A social identity that belongs to another account: `fail` refuses the import, `connect` connects the identity to the imported account.",
          "source": "obs",
          "type": "string",
          "enum": [
            "fail",
            "connect"
          ]
        },
        "maxConnections": {
          "default": 20,
          "title": "Parallel calls",
          "help": "Accounts imported at the same time.",
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
          "multiline": true,
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
    "delivery": "idempotent-by-key",
    "connects": true
  },
  {
    "type": "datasource.write.googlecloud",
    "aliases": [],
    "title": "Write files to Google Cloud Storage",
    "summary": "Uploads files to a folder of a bucket; an object stands under its name only when it is complete.",
    "kind": "writer",
    "group": "Writers",
    "input": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "projectId": {
          "type": "string",
          "minLength": 1,
          "title": "Project",
          "help": "project_id of the service-account file. It is charged where a bucket wants the requester to pay.",
          "examples": [
            "example-project"
          ],
          "source": "doc"
        },
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
        "clientEmail": {
          "type": "string",
          "format": "email",
          "pattern": "^(?:[A-Za-z0-9_'+\\-]+\\.)*[A-Za-z0-9_'+\\-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\\-]*\\.)+[A-Za-z]{2,}$",
          "title": "Client email",
          "help": "client_email of the service-account file.",
          "examples": [
            "etl@example-project.iam.gserviceaccount.com"
          ],
          "source": "doc"
        },
        "privateKey": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Private key",
          "multiline": true,
          "help": "private_key of the service-account file: the whole PEM block as base64, or as text.",
          "source": "doc"
        },
        "endpoint": {
          "default": "https://storage.googleapis.com",
          "title": "Endpoint",
          "help": "Base address of the JSON API, where it is not Google’s public one.",
          "examples": [
            "https://storage.example.com"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string"
        },
        "oauthEndpoint": {
          "default": "https://oauth2.googleapis.com/token",
          "title": "Token address",
          "help": "token_uri of the service-account file, where it is not Google’s public one.",
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
          "help": "The folder to write to; empty is the root of the bucket. It needs not exist.",
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
        "projectId",
        "bucketName",
        "clientEmail",
        "privateKey"
      ]
    },
    "delivery": "published-once",
    "connects": true
  },
  {
    "type": "datasource.write.hybrismarketing",
    "aliases": [],
    "title": "Write contacts to SAP Marketing Cloud",
    "summary": "Writes contacts, subscriptions and consents to SAP Marketing Cloud (formerly hybris Marketing).",
    "kind": "writer",
    "group": "Writers",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "contactField": {
          "type": "string",
          "minLength": 1,
          "fieldPath": true,
          "title": "Id",
          "help": "Field with the unique id of the contact, its ContactID.",
          "examples": [
            "UID"
          ],
          "source": "doc"
        },
        "endpoint": {
          "type": "string",
          "minLength": 1,
          "title": "Endpoint",
          "help": "Address of the contact service as the communication arrangement SAP_COM_0207 shows it. To an address without the service, `sap/opu/odata/SAP/API_MKT_CONTACT_SRV;v=0004` is added.",
          "examples": [
            "https://my300000-api.s4hana.ondemand.com/sap/opu/odata/SAP/API_MKT_CONTACT_SRV;v=0004"
          ],
          "source": "doc"
        },
        "username": {
          "type": "string",
          "minLength": 1,
          "title": "User name",
          "help": "The communication user.",
          "source": "doc"
        },
        "password": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Password",
          "help": "Of the communication user.",
          "source": "doc"
        },
        "batchSize": {
          "default": 1,
          "title": "Records in a call",
          "help": "How many contacts are sent in one call.",
          "source": "doc",
          "type": "integer",
          "minimum": 1,
          "maximum": 50
        },
        "emailField": {
          "fieldPath": true,
          "title": "Mail address",
          "help": "Field with the mail address: EmailAddress of the contact, and ContactPermissionID of consents and subscriptions by mail.",
          "examples": [
            "profile.email"
          ],
          "source": "doc",
          "type": "string",
          "minLength": 1
        },
        "marketingAreaField": {
          "fieldPath": true,
          "title": "Marketing area",
          "help": "Field with the marketing area (MarketingArea) that consents are given for; without it they hold for all areas.",
          "source": "doc",
          "type": "string",
          "minLength": 1
        },
        "mobileField": {
          "fieldPath": true,
          "title": "Mobile number",
          "help": "Field with the mobile number: MobileNumber of the contact, and ContactPermissionID of consents by mobile phone.",
          "examples": [
            "profile.phones.number"
          ],
          "source": "doc",
          "type": "string",
          "minLength": 1
        },
        "timeout": {
          "default": 60,
          "title": "Timeout",
          "help": "How long to wait for an answer.",
          "unit": "seconds",
          "source": "doc",
          "type": "integer",
          "minimum": 1,
          "maximum": 600
        },
        "subscriptions": {
          "default": [],
          "title": "Subscriptions",
          "help": "Fields that subscribe the contact to communication categories, by mail.",
          "source": "doc",
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "newsletterField": {
                "type": "string",
                "minLength": 1,
                "fieldPath": true,
                "title": "Field",
                "help": "Field that says whether the person is subscribed.",
                "source": "doc"
              },
              "communicationCategory": {
                "type": "string",
                "minLength": 1,
                "maxLength": 10,
                "title": "Category",
                "help": "Id of the communication category.",
                "source": "doc"
              }
            },
            "required": [
              "newsletterField",
              "communicationCategory"
            ]
          }
        },
        "consent": {
          "default": [],
          "title": "Consents",
          "help": "Fields that become marketing permissions.",
          "source": "doc",
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "consentField": {
                "type": "string",
                "minLength": 1,
                "fieldPath": true,
                "title": "Field",
                "help": "Field that says whether the consent is given.",
                "source": "choice"
              },
              "communicationMedium": {
                "type": "string",
                "minLength": 1,
                "maxLength": 20,
                "title": "Medium",
                "help": "Id of the communication medium.",
                "examples": [
                  "EMAIL",
                  "SMS",
                  "PHONE"
                ],
                "source": "doc"
              },
              "communicationType": {
                "type": "string",
                "enum": [
                  "EMAIL",
                  "MOBILE"
                ],
                "title": "By",
                "help": "What the permission stands for: the mail address or the mobile number.",
                "source": "doc"
              }
            },
            "required": [
              "consentField",
              "communicationMedium",
              "communicationType"
            ]
          }
        },
        "maxConnections": {
          "default": 1,
          "title": "Parallel calls",
          "help": "Calls in flight at the same time. With several, two records of one contact may be written in either order.",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 10
        }
      },
      "required": [
        "contactField",
        "endpoint",
        "username",
        "password"
      ]
    },
    "delivery": "idempotent-by-key",
    "connects": true
  },
  {
    "type": "datasource.write.local",
    "aliases": [],
    "title": "Write local files",
    "summary": "Writes files into a folder on the machine that runs the dataflow.",
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
    "delivery": "published-once",
    "connects": false
  },
  {
    "type": "datasource.write.mailchimp",
    "aliases": [],
    "title": "Write Mailchimp members",
    "summary": "Adds, updates, subscribes and unsubscribes members of a Mailchimp list (audience), 500 in a call.",
    "kind": "writer",
    "group": "Writers",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "apiUrl": {
          "type": "string",
          "minLength": 1,
          "title": "API address",
          "help": "With the data centre of the account, which stands at the end of the API key; `<dc>` is replaced by it.",
          "examples": [
            "https://us6.api.mailchimp.com/3.0/",
            "https://<dc>.api.mailchimp.com/3.0/"
          ],
          "source": "doc"
        },
        "apiKey": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "API key",
          "help": "From Account, Extras, API keys; it ends with the data centre: `…-us6`.",
          "source": "doc"
        },
        "listId": {
          "type": "string",
          "minLength": 1,
          "title": "List id",
          "help": "The audience id, from the settings of the audience; not the number in its web address.",
          "examples": [
            "a1b2c3d4e5"
          ],
          "source": "doc"
        },
        "newsletterField": {
          "type": "string",
          "minLength": 1,
          "fieldPath": true,
          "title": "Flag",
          "help": "Field with the subscription flag.",
          "examples": [
            "newsletterField"
          ],
          "source": "doc"
        },
        "interests": {
          "default": [],
          "title": "Interests",
          "help": "Fields that put members into groups of the list.",
          "source": "inf",
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "field": {
                "type": "string",
                "minLength": 1,
                "fieldPath": true,
                "title": "Field",
                "help": "Field that says whether the member is in the group."
              },
              "interestId": {
                "type": "string",
                "minLength": 1,
                "title": "Interest id",
                "help": "Id of the group (interest) in the list."
              }
            },
            "required": [
              "field",
              "interestId"
            ]
          }
        },
        "withoutFlag": {
          "default": "skip",
          "title": "Records without a flag",
          "help": "`skip`: nothing is sent, the record goes on by next; `unsubscribe`: as if the flag were false; `reject`: the record goes to the error path.",
          "source": "choice",
          "type": "string",
          "enum": [
            "skip",
            "unsubscribe",
            "reject"
          ]
        },
        "maxConnections": {
          "default": 4,
          "title": "Parallel calls",
          "help": "Calls at the same time. The platform allows ten for each account, of all that use its API.",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 10
        },
        "timeout": {
          "default": 120,
          "title": "Timeout",
          "help": "How long to wait for an answer; the platform itself ends a call after 120.",
          "unit": "seconds",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 600
        }
      },
      "required": [
        "apiUrl",
        "apiKey",
        "listId",
        "newsletterField"
      ]
    },
    "delivery": "idempotent-by-key",
    "connects": true
  },
  {
    "type": "datasource.write.marketo",
    "aliases": [],
    "title": "Write leads to Marketo",
    "summary": "Creates and updates leads of Marketo Engage, 300 in a call.",
    "kind": "writer",
    "group": "Writers",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "baseUrl": {
          "type": "string",
          "minLength": 1,
          "title": "Base address",
          "help": "REST endpoint of the subscription, from Admin > Web Services; with or without /rest.",
          "examples": [
            "https://123-ABC-456.mktorest.com/rest"
          ],
          "source": "doc"
        },
        "clientId": {
          "type": "string",
          "minLength": 1,
          "title": "Client id",
          "help": "Client id of the custom service, from Admin > LaunchPoint.",
          "source": "doc"
        },
        "clientSecret": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Client secret",
          "help": "Client secret of the custom service.",
          "source": "doc"
        },
        "lookupField": {
          "default": "email",
          "title": "Look up by",
          "help": "Lead field (REST name) that finds the lead; when there is none, one is created.",
          "examples": [
            "email",
            "id",
            "guid"
          ],
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "partitionName": {
          "title": "Partition",
          "help": "Lead partition to write to, where the subscription has several.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "maxConnections": {
          "default": 3,
          "title": "Parallel calls",
          "help": "Calls in flight at the same time; the subscription takes 10 of all its users together.",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 10
        }
      },
      "required": [
        "baseUrl",
        "clientId",
        "clientSecret"
      ]
    },
    "delivery": "idempotent-by-key",
    "connects": true
  },
  {
    "type": "datasource.write.salesforce",
    "aliases": [],
    "title": "Write to Salesforce",
    "summary": "Creates and updates leads, contacts or person accounts of Salesforce.",
    "kind": "writer",
    "group": "Writers",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "username": {
          "type": "string",
          "minLength": 1,
          "title": "User name",
          "help": "User name of the Salesforce user, like a mail address.",
          "source": "doc"
        },
        "password": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Password",
          "help": "Password of the user, without the security token.",
          "source": "doc"
        },
        "token": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Security token",
          "help": "Security token of the user; Salesforce mails it when it is reset.",
          "source": "doc"
        },
        "authEndpoint": {
          "type": "string",
          "pattern": "\\/services\\/Soap\\/[uc]\\/\\d{2,3}",
          "title": "Authentication endpoint",
          "help": "SOAP login address with the version of the API; login.salesforce.com for production, test.salesforce.com for a sandbox.",
          "examples": [
            "https://login.salesforce.com/services/Soap/u/58.0",
            "https://test.salesforce.com/services/Soap/u/58.0"
          ],
          "source": "doc"
        },
        "objectType": {
          "type": "string",
          "enum": [
            "lead",
            "contact",
            "account"
          ],
          "title": "Object",
          "help": "Object to write; `account` is the person account.",
          "source": "doc"
        },
        "primaryId": {
          "type": "string",
          "minLength": 1,
          "title": "Primary id",
          "help": "API name of the external id field that finds the object first.",
          "examples": [
            "UID__c"
          ],
          "source": "doc"
        },
        "lookupId": {
          "type": "string",
          "minLength": 1,
          "title": "Lookup id",
          "help": "API name of the field that finds the object when the primary id does not.",
          "examples": [
            "Email",
            "PersonEmail"
          ],
          "source": "doc"
        },
        "bulkFrom": {
          "default": 2000,
          "title": "Bulk API from",
          "help": "From so many records together on, they are written by the Bulk API; fewer by calls of 200. Salesforce advises the Bulk API from 2,000 on.",
          "unit": "records",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 201,
          "maximum": 5000
        }
      },
      "required": [
        "username",
        "password",
        "token",
        "authEndpoint",
        "objectType",
        "primaryId",
        "lookupId"
      ]
    },
    "delivery": "idempotent-by-key",
    "connects": true
  },
  {
    "type": "datasource.write.sftp",
    "aliases": [],
    "title": "Write files to SFTP",
    "summary": "Uploads files to a folder on an SFTP server; a file stands under its name only when it is complete.",
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
          "multiline": true,
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
    "delivery": "published-once",
    "connects": true
  },
  {
    "type": "datasource.write.silverpop",
    "aliases": [],
    "title": "Write contacts to Silverpop",
    "summary": "Adds and updates contacts of a list in Silverpop (IBM Watson Campaign Automation, Acoustic Campaign), and opts them in and out.",
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
          "help": "Of the application, from Settings, Organization, Application Account Access.",
          "source": "doc"
        },
        "clientSecret": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Client secret",
          "help": "Of the application.",
          "source": "doc"
        },
        "refreshToken": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Refresh token",
          "help": "Of the account that the application may act for; it fetches the access tokens.",
          "source": "doc"
        },
        "listId": {
          "type": "string",
          "pattern": "^\\d+$",
          "title": "List id",
          "help": "Id of the database or contact list.",
          "examples": [
            "59294"
          ],
          "source": "doc"
        },
        "podNumber": {
          "default": 5,
          "title": "Pod",
          "help": "Number of the pod of the organization: 5 for engage5.silverpop.com or us-5. For pod A give apiUrl.",
          "source": "doc",
          "type": "integer",
          "minimum": 1,
          "maximum": 9
        },
        "apiUrl": {
          "title": "API address",
          "help": "Another address than that of the pod, without a path of an API.",
          "examples": [
            "https://api-campaign-ap-1.goacoustic.com"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "timeout": {
          "default": 120,
          "title": "Timeout",
          "help": "How long to wait for an answer.",
          "unit": "seconds",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 10,
          "maximum": 600
        },
        "newsletterField": {
          "fieldPath": true,
          "title": "Flag",
          "help": "Field with the subscription flag: true opts the contact in, false opts it out.",
          "examples": [
            "data.subscribed"
          ],
          "source": "doc",
          "type": "string",
          "minLength": 1
        },
        "host": {
          "title": "SFTP host",
          "help": "Kept for stored flows; contacts go by the API, so nothing is sent to it.",
          "advanced": true,
          "source": "doc",
          "type": "string"
        },
        "username": {
          "title": "SFTP user",
          "help": "Kept for stored flows; contacts go by the API, so nothing is sent to it.",
          "advanced": true,
          "source": "doc",
          "type": "string"
        },
        "password": {
          "secret": true,
          "title": "SFTP password",
          "help": "Kept for stored flows; contacts go by the API, so nothing is sent to it.",
          "advanced": true,
          "source": "doc",
          "type": "string",
          "minLength": 1
        },
        "syncFields": {
          "default": "EMAIL",
          "title": "Look up by",
          "help": "Comma separated columns that find a contact in a database without a unique identifier; not used with one.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "pattern": "[^\\s,]"
        },
        "batchSize": {
          "default": 50,
          "title": "Records in a call",
          "help": "Contacts in one envelope.",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 100
        },
        "maxConnections": {
          "default": 3,
          "title": "Parallel calls",
          "help": "Calls at the same time; the organization is allowed ten, of all that use the API. With several, two records of one contact may be written in either order.",
          "advanced": true,
          "source": "choice",
          "type": "integer",
          "minimum": 1,
          "maximum": 10
        }
      },
      "required": [
        "clientId",
        "clientSecret",
        "refreshToken",
        "listId"
      ]
    },
    "delivery": "idempotent-by-key",
    "connects": true
  },
  {
    "type": "field.add",
    "aliases": [],
    "title": "Add fields",
    "summary": "Adds fields with constant values or placeholders.",
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
    "connects": false
  },
  {
    "type": "field.array.extract",
    "aliases": [],
    "title": "Extract a list",
    "summary": "Makes one record of each item of a list, with chosen fields of the record it stood in.",
    "kind": "batch-transformer",
    "group": "Transformers",
    "subgroup": "field",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "field": {
          "type": "string",
          "minLength": 1,
          "fieldPath": true,
          "title": "Field",
          "help": "Path of the list, such as achievements.",
          "source": "doc"
        },
        "propagationFields": {
          "default": [],
          "title": "Propagated fields",
          "help": "Fields of the record that every new record gets, such as UID.",
          "fieldPath": true,
          "source": "obs",
          "type": "array",
          "items": {
            "type": "string",
            "minLength": 1,
            "fieldPath": true
          }
        },
        "generateKey": {
          "default": false,
          "title": "Generate key",
          "help": "Adds the field _key, which tells the new records apart.",
          "source": "obs",
          "type": "boolean"
        }
      },
      "required": [
        "field"
      ]
    },
    "connects": false
  },
  {
    "type": "field.array.join",
    "aliases": [],
    "title": "Join a list",
    "summary": "Turns a list into one text.",
    "kind": "record-transformer",
    "group": "Transformers",
    "subgroup": "field",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "field": {
          "type": "string",
          "minLength": 1,
          "fieldPath": true,
          "title": "Field",
          "help": "Path of the list, such as data.interests.",
          "source": "doc"
        },
        "separator": {
          "default": ",",
          "title": "Separator",
          "help": "What stands between two items.",
          "examples": [
            ",",
            "; "
          ],
          "source": "choice",
          "type": "string"
        }
      },
      "required": [
        "field"
      ]
    },
    "connects": false
  },
  {
    "type": "field.ascii",
    "aliases": [],
    "title": "Reduce to ASCII",
    "summary": "Removes characters beyond ASCII from texts, or writes them with plain letters.",
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
          "default": [
            "*"
          ],
          "title": "Fields",
          "help": "Paths of the fields to change, or * for every field.",
          "fieldPath": true,
          "source": "choice",
          "minItems": 1,
          "type": "array",
          "items": {
            "type": "string",
            "minLength": 1,
            "fieldPath": true
          }
        },
        "mode": {
          "default": "remove",
          "title": "Mode",
          "help": "remove: characters beyond ASCII go; transliterate: é becomes e, ß becomes ss, and what has no like goes.",
          "source": "choice",
          "type": "string",
          "enum": [
            "remove",
            "transliterate"
          ]
        },
        "replacement": {
          "default": "",
          "title": "Replacement",
          "help": "What stands in place of a character that goes; empty for nothing.",
          "examples": [
            "?"
          ],
          "source": "choice",
          "type": "string",
          "pattern": "^[\\0-\\x7f]*$"
        }
      }
    },
    "connects": false
  },
  {
    "type": "field.copy",
    "aliases": [],
    "title": "Copy fields",
    "summary": "Copies values to further fields.",
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
          "minItems": 1,
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "sourceField": {
                "type": "string",
                "minLength": 1,
                "fieldPath": true,
                "title": "Source field",
                "help": "The field to copy, such as profile.email.",
                "source": "inf"
              },
              "targetField": {
                "type": "string",
                "minLength": 1,
                "fieldPath": true,
                "title": "Target field",
                "help": "Where the copy goes. A dot builds objects; 'a.b' in apostrophes is one name.",
                "source": "inf"
              }
            },
            "required": [
              "sourceField",
              "targetField"
            ]
          },
          "title": "Fields",
          "help": "Each field to copy, with the field it is copied to.",
          "source": "inf"
        }
      },
      "required": [
        "fields"
      ]
    },
    "connects": false
  },
  {
    "type": "field.date.format",
    "aliases": [],
    "title": "Reformat dates",
    "summary": "Reads dates in one format and writes them in another, across time zones.",
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
          "minItems": 1,
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "field": {
                "type": "string",
                "minLength": 1,
                "fieldPath": true,
                "title": "Field",
                "help": "Path of the field that holds a date.",
                "source": "choice"
              },
              "sourceFormat": {
                "default": "iso",
                "title": "Source format",
                "help": "How the date is written now: a pattern such as dd.MM.yyyy, iso, unix (seconds since 1970) or millis. A list is tried in order.",
                "examples": [
                  "iso",
                  "dd.MM.yyyy",
                  "unix"
                ],
                "source": "choice",
                "anyOf": [
                  {
                    "type": "string",
                    "minLength": 1
                  },
                  {
                    "minItems": 1,
                    "type": "array",
                    "items": {
                      "type": "string",
                      "minLength": 1
                    }
                  }
                ]
              },
              "targetFormat": {
                "type": "string",
                "minLength": 1,
                "title": "Target format",
                "help": "How it shall be written: a pattern, iso, unix or millis. The last two give numbers.",
                "examples": [
                  "yyyy-MM-dd",
                  "iso",
                  "millis"
                ],
                "source": "choice"
              },
              "timezone": {
                "default": "UTC",
                "title": "Time zone",
                "help": "Zone the date is written in, and read in when it tells none: Europe/Berlin, +02:00, UTC.",
                "examples": [
                  "UTC",
                  "Europe/Berlin"
                ],
                "source": "choice",
                "type": "string",
                "minLength": 1
              },
              "sourceTimezone": {
                "title": "Source time zone",
                "help": "Zone the date is read in, when that is another.",
                "advanced": true,
                "source": "choice",
                "type": "string",
                "minLength": 1
              }
            },
            "required": [
              "field",
              "targetFormat"
            ]
          },
          "title": "Fields",
          "help": "Each field with the format it has and the format it gets.",
          "source": "choice"
        }
      },
      "required": [
        "fields"
      ]
    },
    "connects": false
  },
  {
    "type": "field.evaluate",
    "aliases": [],
    "title": "Evaluate expressions",
    "summary": "Sets fields from expressions over the record's fields.",
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
    "connects": false
  },
  {
    "type": "field.flatten",
    "aliases": [],
    "title": "Flatten objects",
    "summary": "Lifts the members of an object to the top level.",
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
          "minItems": 1,
          "type": "array",
          "items": {
            "type": "string",
            "minLength": 1,
            "fieldPath": true
          },
          "title": "Fields",
          "help": "Objects to flatten, such as profile.",
          "fieldPath": true,
          "source": "doc"
        },
        "names": {
          "default": "plain",
          "title": "Names",
          "help": "plain: the name of the member; path: the name of the object, a dot, and the name of the member.",
          "source": "choice",
          "type": "string",
          "enum": [
            "plain",
            "path"
          ]
        }
      },
      "required": [
        "fields"
      ]
    },
    "connects": false
  },
  {
    "type": "field.hash",
    "aliases": [],
    "title": "Hash fields",
    "summary": "Replaces values by their hash, SHA-256 by default, for targets that must not see them.",
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
          "minItems": 1,
          "type": "array",
          "items": {
            "type": "string",
            "minLength": 1,
            "fieldPath": true
          },
          "title": "Fields",
          "help": "Paths of the fields whose values are replaced by their hash, such as profile.email.",
          "fieldPath": true,
          "source": "choice"
        },
        "algorithm": {
          "default": "sha256",
          "title": "Algorithm",
          "help": "SHA-256 is what platforms ask for today; sha1 and md5 are for those that know nothing else.",
          "source": "choice",
          "type": "string",
          "enum": [
            "sha256",
            "sha512",
            "sha1",
            "md5"
          ]
        },
        "encoding": {
          "default": "hex",
          "title": "Encoding",
          "help": "How the hash is written: hexadecimal in small letters, or base64.",
          "source": "choice",
          "type": "string",
          "enum": [
            "hex",
            "base64",
            "base64url"
          ]
        },
        "normalize": {
          "default": "none",
          "title": "Normalise",
          "help": "What happens before: trim takes blanks off both ends, lowercase also makes letters small (mail addresses, names), digits keeps figures only (phone numbers).",
          "source": "choice",
          "type": "string",
          "enum": [
            "none",
            "trim",
            "lowercase",
            "digits"
          ]
        },
        "salt": {
          "title": "Salt",
          "help": "A secret that goes into every hash, so that nobody without it can find the values by trying.",
          "source": "choice",
          "type": "string",
          "minLength": 1,
          "secret": true
        },
        "saltUse": {
          "default": "hmac",
          "title": "Use of the salt",
          "help": "hmac: as the key of an HMAC, the safe way; before or after: joined with the value, as some platforms have it.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "enum": [
            "hmac",
            "before",
            "after"
          ]
        }
      },
      "required": [
        "fields"
      ]
    },
    "connects": false
  },
  {
    "type": "field.move",
    "aliases": [],
    "title": "Move fields",
    "summary": "Changes the order of fields, which is the order of columns in a file.",
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
          "minItems": 1,
          "type": "array",
          "items": {
            "type": "string",
            "minLength": 1,
            "fieldPath": true
          },
          "title": "Fields",
          "help": "The fields to move, in the order they shall have.",
          "fieldPath": true,
          "source": "doc"
        },
        "after": {
          "type": "string",
          "minLength": 1,
          "fieldPath": true,
          "title": "After",
          "help": "The field behind which they are placed.",
          "source": "doc"
        }
      },
      "required": [
        "fields",
        "after"
      ]
    },
    "connects": false
  },
  {
    "type": "field.remove",
    "aliases": [],
    "title": "Remove fields",
    "summary": "Removes fields or whole objects.",
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
    "connects": false
  },
  {
    "type": "field.rename",
    "aliases": [],
    "title": "Rename fields",
    "summary": "Moves values from one field path to another.",
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
    "connects": false
  },
  {
    "type": "field.replace",
    "aliases": [],
    "title": "Replace text",
    "summary": "Replaces what regular expressions match inside the texts of fields.",
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
          "minItems": 1,
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "field": {
                "type": "string",
                "minLength": 1,
                "fieldPath": true,
                "title": "Field",
                "help": "Path of the field to change, or * for every field.",
                "examples": [
                  "phone",
                  "*"
                ],
                "source": "doc"
              },
              "regex": {
                "type": "string",
                "minLength": 1,
                "title": "Expression",
                "help": "A regular expression of Java's kind; every match is replaced.",
                "language": "regex",
                "examples": [
                  "[^0-9+]",
                  "^\\s+|\\s+$"
                ],
                "source": "doc"
              },
              "replacement": {
                "default": "",
                "title": "Replacement",
                "help": "What stands in place of a match. $1 or ${name} is the text of a group, \\$ the sign itself; empty removes the match.",
                "examples": [
                  "",
                  "$2 $1"
                ],
                "source": "doc",
                "type": "string"
              }
            },
            "required": [
              "field",
              "regex"
            ]
          },
          "title": "Replacements",
          "help": "Each field with an expression and what replaces its matches.",
          "source": "doc"
        }
      },
      "required": [
        "fields"
      ]
    },
    "connects": false
  },
  {
    "type": "field.select",
    "aliases": [],
    "title": "Select fields",
    "summary": "Keeps only the named fields.",
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
          "minItems": 1,
          "type": "array",
          "items": {
            "type": "string",
            "minLength": 1,
            "fieldPath": true
          },
          "title": "Fields",
          "help": "Paths of the fields to keep, such as UID or profile.email.",
          "fieldPath": true,
          "source": "doc"
        }
      },
      "required": [
        "fields"
      ]
    },
    "connects": false
  },
  {
    "type": "file.compress.gzip",
    "aliases": [],
    "title": "Compress with gzip",
    "summary": "Compresses each file with gzip and adds .gz to its name.",
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
    "connects": false
  },
  {
    "type": "file.compress.lzo",
    "aliases": [],
    "title": "Compress with LZO",
    "summary": "Compresses each file with LZO, as lzop and Hadoop read it, and adds .lzo to its name.",
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
    "connects": false
  },
  {
    "type": "file.compress.zip",
    "aliases": [],
    "title": "Compress with zip",
    "summary": "Puts each file into a zip archive of its own and adds .zip to its name.",
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
    "connects": false
  },
  {
    "type": "file.decrypt.pgp",
    "aliases": [],
    "title": "Decrypt PGP",
    "summary": "Decrypts each PGP file and takes .pgp, .gpg or .asc off its name.",
    "kind": "file-transformer",
    "group": "Transformers",
    "subgroup": "file",
    "input": "files",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "privateKey": {
          "type": "string",
          "minLength": 1,
          "secret": true,
          "title": "Private key",
          "multiline": true,
          "help": "The private key that the files are encrypted for, armoured or as base64.",
          "source": "inf"
        },
        "passphrase": {
          "secret": true,
          "title": "Passphrase",
          "help": "Opens the private key.",
          "source": "inf",
          "type": "string",
          "minLength": 1
        },
        "verificationKeys": {
          "title": "Verification keys",
          "multiline": true,
          "help": "Public keys of those who may have signed. When set, a file without a good signature by one of them fails.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
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
        }
      },
      "required": [
        "privateKey"
      ]
    },
    "connects": false
  },
  {
    "type": "file.empty",
    "aliases": [],
    "title": "Empty file",
    "summary": "Makes exactly one empty file, whatever comes in: a marker that says \"finished\".",
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
        "addUniqueSuffix": {
          "default": false,
          "title": "Add unique suffix",
          "help": "Adds the id of the job to the name, `name_<jobId>.csv`, so that no run replaces the file of another.",
          "advanced": true,
          "source": "choice",
          "type": "boolean"
        }
      },
      "required": [
        "fileName"
      ]
    },
    "connects": false
  },
  {
    "type": "file.encrypt.pgp",
    "aliases": [],
    "title": "Encrypt with PGP",
    "summary": "Encrypts each file for the owners of PGP keys and adds .pgp or .asc to its name.",
    "kind": "file-transformer",
    "group": "Transformers",
    "subgroup": "file",
    "input": "files",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "publicKey": {
          "type": "string",
          "minLength": 1,
          "title": "Public key",
          "multiline": true,
          "help": "The recipient’s public key, armoured or as base64. Several armoured keys may follow each other.",
          "source": "doc"
        },
        "armor": {
          "default": false,
          "title": "Armoured",
          "help": "Makes text that survives mail and text transfers, in place of bytes.",
          "source": "choice",
          "type": "boolean"
        },
        "signingKey": {
          "secret": true,
          "title": "Signing key",
          "multiline": true,
          "help": "Your private key, armoured or as base64, to sign the files with. Without it they are not signed.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        },
        "signingPassphrase": {
          "secret": true,
          "title": "Passphrase of the signing key",
          "help": "Opens the signing key.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1
        }
      },
      "required": [
        "publicKey"
      ]
    },
    "connects": false
  },
  {
    "type": "file.format.aam",
    "aliases": [],
    "title": "Format for Adobe Audience Manager",
    "summary": "Writes records as an inbound data file of Adobe Audience Manager, under the name it asks for.",
    "kind": "formatter",
    "group": "Transformers",
    "subgroup": "file",
    "input": "records",
    "output": "files",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "dpid": {
          "type": "string",
          "pattern": "^\\d{1,20}$",
          "title": "Data provider id",
          "help": "The id of the data source in Audience Manager; part of the file name.",
          "examples": [
            "1234"
          ],
          "source": "doc"
        },
        "targetDpid": {
          "title": "Target data source",
          "help": "When dpid is one of Adobe’s global data sources (device ids): your own data source, which the data are for.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "pattern": "^\\d{1,20}$"
        },
        "idField": {
          "default": "UID",
          "title": "Id field",
          "help": "The field that holds the id of the user.",
          "source": "choice",
          "type": "string",
          "minLength": 1,
          "fieldPath": true
        },
        "overwrite": {
          "default": false,
          "title": "Overwrite",
          "help": "Replaces what Audience Manager knows of these users, in place of adding to it.",
          "source": "choice",
          "type": "boolean"
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
        "dpid"
      ]
    },
    "connects": false
  },
  {
    "type": "file.format.count",
    "aliases": [],
    "title": "Format count",
    "summary": "Writes a control file that holds the number of records.",
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
        "addUniqueSuffix": {
          "default": false,
          "title": "Add unique suffix",
          "help": "Adds the id of the job to the name, `name_<jobId>.csv`, so that no run replaces the file of another.",
          "advanced": true,
          "source": "choice",
          "type": "boolean"
        }
      },
      "required": [
        "fileName"
      ]
    },
    "connects": false
  },
  {
    "type": "file.format.dsv",
    "aliases": [],
    "title": "Format DSV",
    "summary": "Writes records as CSV, TSV or other delimited text.",
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
        "addUniqueSuffix": {
          "default": false,
          "title": "Add unique suffix",
          "help": "Adds the id of the job to the name, `name_<jobId>.csv`, so that no run replaces the file of another.",
          "advanced": true,
          "source": "choice",
          "type": "boolean"
        },
        "columnSeparator": {
          "type": "string",
          "minLength": 1,
          "blanks": true,
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
        "quoteCharacter": {
          "default": "\"",
          "title": "Quote",
          "help": "The character around cells that hold separators or line ends.",
          "advanced": true,
          "source": "choice",
          "type": "string"
        },
        "escapeFormulas": {
          "default": false,
          "title": "Escape formulas",
          "help": "Puts an apostrophe before texts that a spreadsheet would run as a formula.",
          "advanced": true,
          "source": "choice",
          "type": "boolean"
        },
        "fileCharset": {
          "default": "UTF-8",
          "title": "Charset",
          "help": "Encoding of the file.",
          "examples": [
            "UTF-8",
            "ISO-8859-1",
            "UTF-16"
          ],
          "advanced": true,
          "source": "choice",
          "type": "string"
        },
        "byteOrderMark": {
          "default": false,
          "title": "Byte order mark",
          "help": "Begins the file with the mark by which Excel knows UTF-8.",
          "advanced": true,
          "source": "choice",
          "type": "boolean"
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
    "connects": false
  },
  {
    "type": "file.format.json",
    "aliases": [],
    "title": "Format JSON",
    "summary": "Writes all records as one JSON list, or one record on each line.",
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
        "addUniqueSuffix": {
          "default": false,
          "title": "Add unique suffix",
          "help": "Adds the id of the job to the name, `name_<jobId>.csv`, so that no run replaces the file of another.",
          "advanced": true,
          "source": "choice",
          "type": "boolean"
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
    "connects": false
  },
  {
    "type": "file.format.krux",
    "aliases": [],
    "title": "Format for Krux",
    "summary": "Writes records as a first-party data file of Krux (Salesforce DMP, Audience Studio).",
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
        "addUniqueSuffix": {
          "default": false,
          "title": "Add unique suffix",
          "help": "Adds the id of the job to the name, `name_<jobId>.csv`, so that no run replaces the file of another.",
          "advanced": true,
          "source": "choice",
          "type": "boolean"
        },
        "idField": {
          "default": "id",
          "title": "Id field",
          "help": "The field that holds the id of the user.",
          "advanced": true,
          "source": "choice",
          "type": "string",
          "minLength": 1,
          "fieldPath": true
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
    "connects": false
  },
  {
    "type": "file.format.mailchimp",
    "aliases": [],
    "title": "Format for Mailchimp",
    "summary": "Writes records as CSV for the import of contacts into a Mailchimp audience.",
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
        "addUniqueSuffix": {
          "default": false,
          "title": "Add unique suffix",
          "help": "Adds the id of the job to the name, `name_<jobId>.csv`, so that no run replaces the file of another.",
          "advanced": true,
          "source": "choice",
          "type": "boolean"
        },
        "columns": {
          "title": "Columns",
          "help": "Labels of the columns to write, in this order, as they stand in the file: Email Address, First Name … Without it, the fields of the first records.",
          "source": "choice",
          "minItems": 1,
          "type": "array",
          "items": {
            "type": "string"
          }
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
    "connects": false
  },
  {
    "type": "file.format.salesforce",
    "aliases": [],
    "title": "Format for Salesforce",
    "summary": "Writes records as CSV for Salesforce’s Data Loader and Bulk API.",
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
        "addUniqueSuffix": {
          "default": false,
          "title": "Add unique suffix",
          "help": "Adds the id of the job to the name, `name_<jobId>.csv`, so that no run replaces the file of another.",
          "advanced": true,
          "source": "choice",
          "type": "boolean"
        },
        "columns": {
          "title": "Columns",
          "help": "API names of the fields to write, in this order. Without it, the fields of the first records.",
          "source": "choice",
          "minItems": 1,
          "type": "array",
          "items": {
            "type": "string"
          }
        },
        "clearEmptyFields": {
          "default": false,
          "title": "Clear empty fields",
          "help": "Writes null as #N/A, which empties the field in Salesforce. Otherwise it stays as it is.",
          "source": "choice",
          "type": "boolean"
        },
        "maxFileSize": {
          "default": 100,
          "title": "Largest file",
          "help": "A file that would grow past this size is closed and another one begun: `name.csv`, `name_1.csv` …",
          "unit": "MB",
          "source": "choice",
          "type": "number",
          "exclusiveMinimum": 0,
          "maximum": 100
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
    "connects": false
  },
  {
    "type": "file.parse.dsv",
    "aliases": [],
    "title": "Parse DSV",
    "summary": "Turns the rows of CSV, TSV and other delimited files into records.",
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
          "blanks": true,
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
    "connects": false
  },
  {
    "type": "file.parse.json",
    "aliases": [],
    "title": "Parse JSON",
    "summary": "Turns JSON files into records: a list of objects, one object, or an object on each line.",
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
        "fileCharset": {
          "default": "UTF-8",
          "title": "Charset",
          "help": "Encoding of the files, or auto-detect. JSON is UTF-8 by its standard.",
          "advanced": true,
          "source": "choice",
          "type": "string"
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
    "connects": false
  },
  {
    "type": "file.uncompress.gzip",
    "aliases": [],
    "title": "Uncompress gzip",
    "summary": "Uncompresses each gzip file and takes .gz off its name.",
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
    "connects": false
  },
  {
    "type": "file.uncompress.lzo",
    "aliases": [],
    "title": "Uncompress LZO",
    "summary": "Uncompresses each lzop file and takes .lzo off its name.",
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
    "connects": false
  },
  {
    "type": "file.uncompress.zip",
    "aliases": [],
    "title": "Uncompress zip",
    "summary": "Unpacks each zip archive: one file for each entry.",
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
    "connects": false
  },
  {
    "type": "record.evaluate",
    "aliases": [],
    "title": "Custom script",
    "summary": "Runs JavaScript over each record.",
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
    "connects": false
  },
  {
    "type": "record.filter",
    "aliases": [],
    "title": "Filter records",
    "summary": "Lets only those records go on for which a condition is true.",
    "kind": "record-transformer",
    "group": "Transformers",
    "subgroup": "record",
    "input": "records",
    "output": "records",
    "params": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": {
        "condition": {
          "type": "string",
          "minLength": 1,
          "title": "Condition",
          "help": "A JEXL expression over the record's fields. Records for which it is true go on.",
          "language": "jexl",
          "examples": [
            "subscribed eq 'true'",
            "not empty profile.email",
            "data.points gt 100 and profile.country =~ [\"DE\", \"AT\"]"
          ],
          "source": "choice"
        },
        "otherwise": {
          "default": "drop",
          "title": "Other records",
          "help": "`drop` leaves them out; `error` sends them down the error path.",
          "source": "choice",
          "type": "string",
          "enum": [
            "drop",
            "error"
          ]
        }
      },
      "required": [
        "condition"
      ]
    },
    "connects": false
  }
];
