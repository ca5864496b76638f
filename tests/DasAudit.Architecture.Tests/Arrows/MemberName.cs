using Mono.Cecil;

namespace DasAudit.Architecture.Tests.Arrows;

/// <summary>Names of members as they stand in the source: a lambda has the name of its method.</summary>
internal static class MemberName
{
    internal static string Of(IMemberDefinition member)
    {
        var name = Written(member.Name);
        var holder = Holder(member.DeclaringType);
        if (member.Name.StartsWith('<') || !holder.StartsWith('<'))
        {
            return name;
        }

        return Written(holder);
    }

    internal static string OfDeclaration(TypeDefinition type) =>
        type.Name.StartsWith('<') ? Written(type.Name) : $"{type.Name} (its declaration)";

    /// <summary>The better example first: names from the source before the compiler's.</summary>
    internal static int Compare(string left, string right)
    {
        var byOddity = Oddity(left).CompareTo(Oddity(right));
        return byOddity != 0 ? byOddity : string.CompareOrdinal(left, right);
    }

    private static int Oddity(string name) =>
        name[0] switch
        {
            '<' => 2,
            '.' => 1,
            _ => 0,
        };

    private static string Holder(TypeDefinition? type) => type is { DeclaringType: not null } ? type.Name : "";

    /// <summary>"Run" of "get_Run", "&lt;Run&gt;b__0" and "&lt;Run&gt;d__3".</summary>
    private static string Written(string name)
    {
        if (name.StartsWith('<') && name.IndexOf('>') > 1)
        {
            return name[1..name.IndexOf('>')];
        }

        return name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal)
            ? name[4..]
            : name;
    }
}
