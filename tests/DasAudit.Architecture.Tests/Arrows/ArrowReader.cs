using Mono.Cecil;

namespace DasAudit.Architecture.Tests.Arrows;

/// <summary>Reads what each type of an assembly uses, out of its declarations and the IL of its methods.</summary>
/// <remarks>What the compiler writes as a bare value is not seen: a constant of another type, <c>nameof</c>.</remarks>
internal sealed class ArrowReader(ModuleDefinition module, IReadOnlySet<string> assemblies)
{
    private readonly Dictionary<(CompiledType From, CompiledType To), string> _members = [];
    private readonly HashSet<CompiledType> _generated = [.. module.Types.Where(IsGenerated).Select(CompiledType.Of)];

    /// <summary>The types that are written by hand.</summary>
    internal static IEnumerable<TypeDefinition> TypesOf(ModuleDefinition module) =>
        module.Types.Where(type => !IsGenerated(type));

    /// <summary>Arrows to types of <c>assemblies</c>, each once, in the order of their names.</summary>
    internal IReadOnlyList<Arrow> Read()
    {
        foreach (var type in TypesOf(module))
        {
            ReadType(type, CompiledType.Of(type));
        }

        return
        [
            .. _members
                .Select(entry => new Arrow(entry.Key.From, entry.Key.To, entry.Value))
                .OrderBy(arrow => arrow.Line, StringComparer.Ordinal),
        ];
    }

    /// <summary>The compiler's own types have odd names, or stand in namespaces of .NET.</summary>
    private static bool IsGenerated(TypeDefinition type) =>
        type.Name.StartsWith('<')
        || type.Namespace.StartsWith("System", StringComparison.Ordinal)
        || type.Namespace.StartsWith("Microsoft", StringComparison.Ordinal);

    private void ReadType(TypeDefinition type, CompiledType from)
    {
        Add(from, MemberName.OfDeclaration(type), UsedTypes.OfDeclaration(type));
        foreach (var field in type.Fields)
        {
            Add(from, MemberName.Of(field), UsedTypes.OfField(field));
        }

        foreach (var property in type.Properties)
        {
            Add(from, MemberName.Of(property), UsedTypes.OfAttributes(property));
        }

        foreach (var declared in type.Events)
        {
            Add(from, MemberName.Of(declared), UsedTypes.OfAttributes(declared));
        }

        foreach (var method in type.Methods)
        {
            Add(from, MemberName.Of(method), UsedTypes.OfMethod(method));
        }

        foreach (var nested in type.NestedTypes)
        {
            ReadType(nested, from);
        }
    }

    private void Add(CompiledType from, string member, IEnumerable<TypeReference> used)
    {
        foreach (var to in used.SelectMany(UsedTypes.Named).Select(CompiledType.Of))
        {
            if (to != from && assemblies.Contains(to.Assembly) && !_generated.Contains(to))
            {
                AddExample(from, to, member);
            }
        }
    }

    private void AddExample(CompiledType from, CompiledType to, string member)
    {
        var isFirst = !_members.TryGetValue((from, to), out var example);
        if (isFirst || MemberName.Compare(member, example!) < 0)
        {
            _members[(from, to)] = member;
        }
    }
}
