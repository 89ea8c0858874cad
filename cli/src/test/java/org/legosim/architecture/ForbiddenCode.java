package org.legosim.architecture;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a class may not call or declare; each finding is one sentence. */
final class ForbiddenCode {
  private static final Set<String> HASHED = Set.of(
      "java.util.HashMap",
      "java.util.HashSet",
      "java.util.IdentityHashMap",
      "java.util.WeakHashMap",
      "java.util.concurrent.ConcurrentHashMap");
  private static final Set<String> RANDOM = Set.of(
      "java.util.Random",
      "java.util.concurrent.ThreadLocalRandom",
      "java.security.SecureRandom",
      "java.util.UUID",
      "java.util.SplittableRandom");
  private static final Set<String> CLOCKS =
      Set.of("nanoTime", "currentTimeMillis", "identityHashCode", "getenv", "getProperty");

  /** Exact by definition, so the same everywhere. */
  private static final Set<String> EXACT =
      Set.of("abs", "ceil", "copySign", "floor", "max", "min", "rint", "round", "signum");

  private ForbiddenCode() {}

  /** In a model, where the same run must give the same bytes on every machine. */
  static List<String> inModel(JavaClass javaClass) {
    List<String> findings = new ArrayList<>();
    for (JavaAccess<?> access : javaClass.getAccessesFromSelf()) {
      String owner = access.getTargetOwner().getName();
      String name = access.getName();
      if (owner.equals("java.lang.Math") && takesOrGivesFloatingPoint(access)) {
        add(findings, access, "the result differs between JDKs: use StrictMath or integers");
      } else if (RANDOM.contains(owner)) {
        add(findings, access, "take a RandomStream of the simulation");
      } else if (owner.equals("java.lang.System") && CLOCKS.contains(name)) {
        add(findings, access, "a model knows simulated time and its parameters only");
      } else if (owner.startsWith("java.time.") && name.equals("now")) {
        add(findings, access, "a model knows simulated time only");
      } else if (HASHED.contains(owner)) {
        add(findings, access, "its order is an accident: use arrays, LinkedHashMap or TreeMap");
      } else if (isSaltedCollection(owner, name)) {
        add(findings, access, "its order differs from run to run: use List, TreeMap or EnumMap");
      }
    }
    return findings;
  }

  /** Floating point in what a model declares; time, addresses and counts are integers. */
  static List<String> floatingPoint(JavaClass javaClass) {
    List<String> findings = new ArrayList<>();
    for (JavaField field : javaClass.getFields()) {
      if (isFloatingPoint(field.getRawType())) {
        findings.add(field.getFullName() + " is floating point");
      }
    }
    for (JavaMethod method : javaClass.getMethods()) {
      if (isFloatingPoint(method.getRawReturnType())
          || method.getRawParameterTypes().stream().anyMatch(ForbiddenCode::isFloatingPoint)) {
        findings.add(method.getFullName() + " takes or gives floating point");
      }
    }
    return findings;
  }

  /** Anywhere in the product. */
  static List<String> anywhere(JavaClass javaClass) {
    List<String> findings = new ArrayList<>();
    for (JavaField field : javaClass.getFields()) {
      Set<JavaModifier> modifiers = field.getModifiers();
      if (modifiers.contains(JavaModifier.STATIC) && !modifiers.contains(JavaModifier.FINAL)) {
        findings.add(field.getFullName() + " is state shared by every simulation");
      }
    }
    for (JavaAccess<?> access : javaClass.getAccessesFromSelf()) {
      String owner = access.getTargetOwner().getName();
      String call = owner + "." + access.getName();
      if (owner.equals("java.io.ObjectInputStream")
          || owner.startsWith("javax.script.")
          || call.equals("java.lang.Class.forName")) {
        add(findings, access, "an input must not be able to run code");
      } else if (usesDefaultLocale(access, owner)) {
        add(findings, access, "digits and letters depend on the locale: pass Locale.ROOT");
      }
    }
    return findings;
  }

  private static boolean usesDefaultLocale(JavaAccess<?> access, String owner) {
    String name = access.getName();
    boolean formats = name.equals("format") || name.equals("printf") || name.equals("formatted");
    boolean formatter = owner.equals("java.lang.String")
        || owner.equals("java.io.PrintStream")
        || owner.equals("java.io.PrintWriter");
    return formats && formatter && !access.getTarget().getFullName().contains("java.util.Locale");
  }

  private static boolean isSaltedCollection(String owner, String name) {
    boolean unordered = owner.equals("java.util.Set") || owner.equals("java.util.Map");
    return unordered && (name.equals("of") || name.equals("copyOf") || name.equals("ofEntries"));
  }

  private static boolean takesOrGivesFloatingPoint(JavaAccess<?> access) {
    String signature = access.getTarget().getFullName();
    boolean isFloating = signature.contains("double") || signature.contains("float");
    return access.getName().equals("random") || (isFloating && !EXACT.contains(access.getName()));
  }

  private static boolean isFloatingPoint(JavaClass type) {
    String name = type.getBaseComponentType().getName();
    return name.equals("double") || name.equals("float");
  }

  private static void add(List<String> findings, JavaAccess<?> access, String why) {
    findings.add(access.getOrigin().getFullName()
        + " uses "
        + access.getTarget().getFullName()
        + " at "
        + access.getSourceCodeLocation()
        + ": "
        + why);
  }
}
