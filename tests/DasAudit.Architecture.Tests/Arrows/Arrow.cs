namespace DasAudit.Architecture.Tests.Arrows;

/// <summary>One type uses another; <paramref name="Member"/> is an example of where.</summary>
internal sealed record Arrow(CompiledType From, CompiledType To, string Member)
{
    internal bool StaysInAssembly => From.Assembly == To.Assembly;

    internal string Line => $"{From.FullName} -> {To.FullName}";
}
