namespace DasAudit.Core.Datasets.Licenses;

/// <summary>A text is no licence expression.</summary>
/// <param name="position">The character at which it stops being one, from 1.</param>
/// <param name="problem">What is wrong there, in words.</param>
internal sealed class LicenseSyntaxException(int position, string problem)
    : Exception($"character {position}: {problem}")
{
    public int Position => position;
}
