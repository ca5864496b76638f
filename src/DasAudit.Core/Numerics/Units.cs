namespace DasAudit.Core.Numerics;

/// <summary>Numbers rounded up to whole registers, tiles and blocks.</summary>
internal static class Units
{
    /// <summary>How many units hold a number of things.</summary>
    public static int Count(int number, int unit) => (number + unit - 1) / unit;

    public static int RoundUp(int number, int unit) => Count(number, unit) * unit;
}
