repositories {
  mavenLocal()
  mavenCentral()
}
dependencies {
  implementation("dev.rill:rill:0.1.0-SNAPSHOT")
}
tasks.withType<JavaExec> {
  jvmArgs("--add-modules", "jdk.incubator.vector")
}
tasks.withType<Test> {
  jvmArgs("--add-modules", "jdk.incubator.vector")
}
