// Run by mongosh at every start of docker-compose: makes or updates the two users of the database.
// The writer may do what loading needs and no more; the reader is for services that read reports.
db.getSiblingDB("admin").auth("root", process.env.MONGO_ROOT_PASSWORD);
const target = db.getSiblingDB("etl");

function role(name, privileges, roles) {
  if (target.getRole(name)) target.updateRole(name, { privileges, roles });
  else target.createRole({ role: name, privileges, roles });
}

function user(name, pwd, roles) {
  if (target.getUser(name)) target.updateUser(name, { pwd, roles });
  else target.createUser({ user: name, pwd, roles });
}

// Validators are kept up to date with collMod, which readWrite does not hold.
role("loader", [{ resource: { db: "etl", collection: "" }, actions: ["collMod"] }], [
  { role: "readWrite", db: "etl" },
]);
user("etl_writer", process.env.ETL_WRITER_PASSWORD, ["loader"]);
user("etl_reader", process.env.ETL_READER_PASSWORD, [{ role: "read", db: "etl" }]);
