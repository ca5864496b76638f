using System.Globalization;

namespace DasAudit.Core.Projections;

/// <summary>LoGra's ranks, <c>logra:IxO</c> (Choe et al., "What is your data worth to GPT?", 2024).</summary>
/// <remarks>Coordinates are P_OᵀG·P_I, G a weight's gradient, first dimension × others (mostly out × in).</remarks>
/// <param name="Inputs">I, most columns of P_I; 1 … 1024.</param>
/// <param name="Outputs">O, most columns of P_O; 1 … 1024.</param>
public sealed record LograRanks(int Inputs, int Outputs)
{
    private const int Most = 1024;

    /// <summary>Reads <c>IxO</c>, or <c>R</c> for <c>RxR</c>.</summary>
    /// <exception cref="AuditException">The text is neither.</exception>
    public static LograRanks Parse(string text)
    {
        var ranks = (text ?? "").Split('x').Select(Rank).ToList();
        if (ranks.Count > 2 || ranks.Exists(rank => rank is < 1 or > Most))
            throw new AuditException(
                $"'logra:{text}' is no projection; write logra:IxO with ranks of inputs and outputs from 1 to {Most}, "
                    + "such as logra:16x8."
            );
        return new(ranks[0], ranks[^1]);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Inputs}x{Outputs}");

    // 0 for what is no number.
    private static int Rank(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var rank) ? rank : 0;
}
