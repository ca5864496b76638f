namespace DasAudit.Core.Diffusion;

/// <summary>Asks a model whether it takes a condition, before anything is computed under it.</summary>
internal static class ConditionRefusal
{
    /// <summary>What the model says against a condition; null for nothing.</summary>
    public static AuditException? RefusalOf(this IConditioned model, Condition condition)
    {
        try
        {
            model.EncodeConditions([condition]).Dispose();
            return null;
        }
        catch (AuditException refusal)
        {
            return refusal;
        }
    }
}
