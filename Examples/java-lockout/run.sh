# The lockout test in Java, with JUnit.
# needs: default-jdk-headless junit4
here=$(cd "$(dirname "$0")" && pwd)
classes=/usr/share/java/junit4.jar:/usr/share/java/hamcrest-core.jar
javac -d . -cp "$classes" "$here/Login.java" "$here/LockoutTest.java"
library=$(ldconfig -p | sed -n 's/.*libpcsclite\.so\.1 .*=> //p' | head -n 1)
java -Dsun.security.smartcardio.library="$library" -cp ".:$classes" org.junit.runner.JUnitCore LockoutTest | tee junit.log
sed -n 's/^OK (\(.*\))$/JUnit: \1/p' junit.log
