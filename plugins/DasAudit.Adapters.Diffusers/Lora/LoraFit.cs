using System.Globalization;
using System.Text.RegularExpressions;
using DasAudit.Safetensors;

namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>Finds for each module of a file the layer of a model that it changes; all of them must have one.</summary>
internal sealed partial class LoraFit(SafetensorsFile file, LoraBase model, StatedBase stated)
{
    private readonly ModuleNames _names = new(model);

    /// <summary>The place of each module, in their order.</summary>
    /// <exception cref="AuditException">One has no place, or two have the same.</exception>
    internal IReadOnlyList<LoraPlace> Places(IReadOnlyList<LoraTensors> modules)
    {
        var places = modules.Select(Place).OfType<LoraPlace>().ToList();
        if (places.Count < modules.Count)
            throw Misfit(modules, places.Count);
        var seen = new HashSet<(string, string)>();
        foreach (var (module, place) in modules.Zip(places))
        {
            if (!seen.Add((place.Component, place.Module)))
                throw new AuditException(
                    $"'{file.Path}' names the module '{place.Module}' of the {place.Component} twice, once as "
                        + $"'{module.Key}'; give a file with one LoRA."
                );
        }
        return places;
    }

    /// <summary>
    /// Another network than the U-Net that modules were taken to belong to, though their names do not say so.
    /// </summary>
    internal string? GuessedComponent(IEnumerable<LoraTensors> modules, IEnumerable<LoraPlace> places) =>
        modules
            .Zip(places)
            .Where(pair => !_names.StatesComponent(pair.First.Key))
            .Select(pair => pair.Second.Component)
            .FirstOrDefault(component => component != LoraComponent.Unet);

    /// <summary>Whether a tensor that is no LoRA's seems to concern one of the networks.</summary>
    internal bool Concerns(string tensor) => _names.IsOfNetwork(tensor);

    private LoraPlace? Place(LoraTensors module) =>
        _names.Find(module.Key).FirstOrDefault(place => Fits(module, place));

    private bool Fits(LoraTensors module, LoraPlace place)
    {
        var (down, up) = (Shape(module.Down!), Shape(module.Up!));
        if (down.Count < 2 || down[0] < 1)
            return false;
        var middle = module.Middle is null ? null : Shape(module.Middle);
        return LoraShapes.Of(place.Layer, down[0], middle is not null).Fit(down, middle, up);
    }

    private IReadOnlyList<long> Shape(string tensor) => file.Get(tensor).Shape;

    private AuditException Misfit(IReadOnlyList<LoraTensors> modules, int fitting)
    {
        var first = modules.First(module => Place(module) is null);
        var places = _names.Find(first.Key);
        var why = places.Count == 0 ? "" : $" ({Sizes(first)} is of another size than the layer)";
        return new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{file.Path}' does not fit the model: {fitting} of its {modules.Count} modules have a place there, "
            )
                + $"but not '{first.Key}'{why}{Widths(modules)}{stated.Clause}; give the model that it was made for, "
                + "or another LoRA."
        );
    }

    private string Sizes(LoraTensors module) =>
        $"[{string.Join(", ", Shape(module.Up!))}]·[{string.Join(", ", Shape(module.Down!))}]";

    private string Widths(IEnumerable<LoraTensors> modules)
    {
        var key = modules.FirstOrDefault(module => TextProjection().IsMatch(module.Key))?.Down;
        if (key is null || Shape(key) is not [_, var width, ..] || model.TextWidth is not { } modelWidth)
            return "";
        return width == modelWidth
            ? ""
            : $"; it takes text embeddings of width {BaseKinds.Describe(width)}, and the model those of width "
                + BaseKinds.Describe(modelWidth);
    }

    [GeneratedRegex(@"attn2[._](?:processor\.)?to_[kv]$")]
    private static partial Regex TextProjection();
}
