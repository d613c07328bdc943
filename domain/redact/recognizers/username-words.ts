/** What leads to a user name, in the languages that are known. */
export const LABELS = [
  'user',
  'username',
  'user name',
  'user id',
  'login',
  'login name',
  'login id',
  'logged in as',
  'log in as',
  'login as',
  'screen name',
  'handle',
  'account name',
  'nick',
  'nickname',
  'alias',
  'skype',
  'twitter',
  'instagram',
  'github',
  'gamer tag',
  'gamertag',
  'discord',
  'telegram',
  'benutzername',
  'benutzer',
  'benutzerkennung',
  'nom d’utilisateur',
  "nom d'utilisateur",
  'identifiant',
  'usuario',
  'nombre de usuario',
  'nome utente',
  'nome de usuário',
  'gebruikersnaam',
  'användarnamn',
  'nazwa użytkownika',
  'имя пользователя',
  'логин',
  '用户名',
  'ログインID',
  '帐号名',
  'ユーザー名',
  'ユーザーID',
  '아이디',
];
/** Fields of logs that hold who acted; another word there is a service. */
export const ACTORS = [
  'actor',
  'assignee',
  'created by',
  'modified by',
  'updated by',
  'performed by',
  'samaccountname',
  'upn',
  'uid',
];
/** Parts of the names of what acts and is nobody. */
export const SERVICES =
  'bots?|dependabot|renovate|jobs?|cron|actions?|services?|svc|system|daemon|server|frontend|backend|workers?|teams?|agents?|migrat(?:or|ions?)|scheduler|pipeline|runner|deploy(?:er|ment)?|api|app|auto|automation|import(?:er)?|sync|terraform|ansible|jenkins|airflow|node|python|on-call|github|gitlab|web|batch|queue';
/** What has a number in its name and does the same. */
export const TOOLS =
  '(?:sha|md|utf|base|covid|win|mp|ipv|web|log|gpt|python|node|oauth|http|es|vp|av|h|s)';
/** What somebody does who is logged in. */
export const DEEDS =
  'accessed|added|approved|assigned|changed|closed|committed|created|deleted|edited|escalated|logged|locked|modified|opened|owned|posted|rejected|removed|reported|requested|resolved|reviewed|signed|submitted|triggered|unlocked|updated|uploaded|used';
