using Mono.Cecil;

namespace DasAudit.Architecture.Tests.Arrows;

/// <summary>An outermost type. What is nested in it, by us or by the compiler, counts as this type.</summary>
internal sealed record CompiledType(string Assembly, string Namespace, string Name)
{
    internal string FullName => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";

    internal static CompiledType Of(TypeReference type)
    {
        var outermost = type;
        while (outermost.DeclaringType is not null)
        {
            outermost = outermost.DeclaringType;
        }

        return new CompiledType(AssemblyOf(outermost), outermost.Namespace, outermost.Name);
    }

    private static string AssemblyOf(TypeReference type) =>
        type.Scope switch
        {
            ModuleDefinition module => module.Assembly.Name.Name,
            var scope => scope.Name,
        };
}
